namespace TsVlm.Serving.Windows;

/// <summary>Samples of a stream that arrive together, in the order of time.</summary>
/// <param name="Channels">Values (channels, samples), NaN where one is missing; all channels equally long.</param>
/// <param name="Times">Time stamps of the samples in seconds, rising; null where each sample is a time step.</param>
public sealed record StreamPiece(double[][] Channels, double[]? Times = null)
{
    // Sums and differences of larger values leave the range of a double, and no model is shown them.
    private const double LargestMagnitude = 1e100;

    /// <summary>Samples of each channel.</summary>
    public int NumSamples => Channels[0].Length;

    /// <summary>Refuses a piece that is not of the stream's form.</summary>
    /// <exception cref="StreamException">Another number of channels, time stamps where none belong or too few, or a value that is too large.</exception>
    internal void Check(int numChannels, bool hasTimes)
    {
        if (Channels.Length != numChannels)
            throw new StreamException($"series: expected {numChannels} channels as the model has, found {Channels.Length}.");
        for (var c = 1; c < Channels.Length; c++)
            if (Channels[c].Length != NumSamples)
                throw new StreamException($"series[{c}]: expected {NumSamples} samples as in channel 0, found {Channels[c].Length}.");
        if (hasTimes && Times is null) throw new StreamException("times: expected time stamps, as the stream was started with an interval, found none.");
        if (!hasTimes && Times is not null) throw new StreamException("times: expected none, as the stream was started without an interval, found some.");
        if (Times is not null && Times.Length != NumSamples)
            throw new StreamException($"times: expected {NumSamples} time stamps, one for each sample, found {Times.Length}.");
        for (var c = 0; c < Channels.Length; c++)
            for (var i = 0; i < NumSamples; i++)
                if (Math.Abs(Channels[c][i]) > LargestMagnitude)
                    throw new StreamException(FormattableString.Invariant(
                        $"series[{c}][{i}]: expected values up to 1e100 in magnitude, found {Channels[c][i]}. Send it as missing, or rescale."));
    }
}
