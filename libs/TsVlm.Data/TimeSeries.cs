namespace TsVlm.Data;

/// <summary>One case without its label: one or more channels of values over the same time steps. Immutable.</summary>
public sealed class TimeSeries
{
    private readonly double[][] channels;

    /// <summary>Takes (channels, time steps); NaN marks a missing value.</summary>
    /// <exception cref="ArgumentException">No channel, no time step, or channels of different length.</exception>
    public TimeSeries(IEnumerable<double[]> channels)
    {
        this.channels = [.. channels];
        if (this.channels.Length == 0 || this.channels[0].Length == 0)
            throw new ArgumentException("A series needs at least one channel and one time step.", nameof(channels));
        if (this.channels.Any(values => values.Length != this.channels[0].Length))
            throw new ArgumentException(
                $"Channels of one series must be equally long, found lengths {string.Join(", ", this.channels.Select(c => c.Length))}.",
                nameof(channels));
    }

    /// <summary>Number of channels (the archives' "dimensions").</summary>
    public int NumChannels => channels.Length;

    /// <summary>Number of time steps.</summary>
    public int Length => channels[0].Length;

    /// <summary>Values of one channel (time steps), NaN where missing.</summary>
    public ReadOnlySpan<double> Channel(int channel) => channels[channel];

    /// <summary>Number of missing values over all channels.</summary>
    public int NumMissing => channels.Sum(values => values.Count(double.IsNaN));
}
