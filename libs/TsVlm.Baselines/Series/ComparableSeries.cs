using TsVlm.Data;

namespace TsVlm.Baselines.Series;

/// <summary>A series made ready for distances: no missing values, time-major, and also at the length that all series share.</summary>
internal sealed class ComparableSeries
{
    private ComparableSeries(double[] values, double[] stretched, int numChannels)
    {
        Values = values;
        Stretched = stretched;
        NumChannels = numChannels;
        Low = values[..numChannels];
        High = values[..numChannels];
        for (var i = 0; i < values.Length; i++)
        {
            var channel = i % numChannels;
            Low[channel] = Math.Min(Low[channel], values[i]);
            High[channel] = Math.Max(High[channel], values[i]);
        }
    }

    /// <summary>Values (time steps * channels) at the series' own length.</summary>
    public double[] Values { get; }

    /// <summary>Values (common length * channels): the series itself where it has that length, else stretched linearly to it.</summary>
    public double[] Stretched { get; }

    /// <summary>Lowest value of each channel.</summary>
    public double[] Low { get; }

    /// <summary>Highest value of each channel.</summary>
    public double[] High { get; }

    public int NumChannels { get; }

    public int Length => Values.Length / NumChannels;

    /// <summary>Prepares training and test series; the common length is that of the longest training series.</summary>
    /// <param name="training">At least one series.</param>
    /// <param name="test">Series to classify.</param>
    /// <param name="isZNormalised">Whether each channel of each series is z-normalised, before it is stretched.</param>
    /// <exception cref="ArgumentException">No training series, different numbers of channels, or an infinite value.</exception>
    public static (ComparableSeries[] Training,
        ComparableSeries[] Test) Prepare(IReadOnlyList<TimeSeries> training, IReadOnlyList<TimeSeries> test, bool isZNormalised = false)
    {
        if (training.Count == 0) throw new ArgumentException("Expected at least one training series, found none.", nameof(training));
        var (numChannels, length) = (training[0].NumChannels, training.Max(series => series.Length));
        return (PrepareAll(training, "Training"), PrepareAll(test, "Test"));

        ComparableSeries[] PrepareAll(IReadOnlyList<TimeSeries> all, string part) =>
            [.. all.Select((series, index) => Prepare(series, numChannels, length, isZNormalised, $"{part} series {index}"))];
    }

    private static ComparableSeries Prepare(TimeSeries series, int numChannels, int length, bool isZNormalised, string name)
    {
        if (series.NumChannels != numChannels)
            throw new ArgumentException($"{name}: expected {numChannels} channels as in training series 0, found {series.NumChannels}.",
                nameof(series));
        var values = new double[series.Length * numChannels];
        for (var channel = 0; channel < numChannels; channel++)
        {
            var filled = MissingValues.Fill(series.Channel(channel));
            if (filled.AsSpan().IndexOfAny(double.PositiveInfinity, double.NegativeInfinity) is var at and >= 0)
                throw new ArgumentException($"{name}: expected finite values, found {filled[at]} in channel {channel} at step {at}.",
                    nameof(series));
            if (isZNormalised) filled = ZNormalisation.Of(filled);
            for (var t = 0; t < filled.Length; t++) values[t * numChannels + channel] = filled[t];
        }
        return new(values, series.Length == length ? values : Stretch(values, numChannels, length), numChannels);
    }

    private static double[] Stretch(double[] values, int numChannels, int length)
    {
        var (stretched, last) = (new double[length * numChannels], values.Length / numChannels - 1);
        for (var t = 0; t < length; t++)
        {
            var position = length == 1 ? 0 : (double)t * last / (length - 1);
            var (left, share) = ((int)position, position - (int)position);
            var right = Math.Min(left + 1, last);
            for (var channel = 0; channel < numChannels; channel++)
            {
                var (from, to) = (values[left * numChannels + channel], values[right * numChannels + channel]);
                stretched[t * numChannels + channel] = from + (to - from) * share;
            }
        }
        return stretched;
    }
}
