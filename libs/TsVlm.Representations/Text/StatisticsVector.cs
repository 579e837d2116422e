using TsVlm.Data;

namespace TsVlm.Representations.Text;

/// <summary>The statistics that a prompt states of a series, as numbers for a probe.</summary>
public static class StatisticsVector
{
    /// <summary>Numbers of each channel: length, mean, deviation, minimum, maximum, and logarithm of the deviation.</summary>
    public const int Count = 6;

    // Below this share of the data set's deviation a channel is as good as constant.
    private const double SmallestDeviation = 1e-3;

    /// <summary>
    /// (channels, <see cref="Count"/>) numbers, row by row, of the values in the scale of the prompt; mean, deviation and extremes of a
    /// channel without any value are 0.
    /// </summary>
    internal static float[] Of(TimeSeries series, IReadOnlyList<ChannelScale> scales)
    {
        var numbers = new List<float>(series.NumChannels * Count);
        for (var c = 0; c < series.NumChannels; c++)
        {
            var statistics = Moments.Of(scales[c].Apply(series.Channel(c)));
            numbers.AddRange([series.Length, (float)statistics.Mean, (float)statistics.Deviation, (float)statistics.Minimum,
                (float)statistics.Maximum, (float)Math.Log(SmallestDeviation + statistics.Deviation)]);
        }
        return [.. numbers];
    }
}
