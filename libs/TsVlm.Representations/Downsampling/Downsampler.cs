using TsVlm.Contracts;
using TsVlm.Data;

namespace TsVlm.Representations.Downsampling;

/// <summary>
/// Shortens a series of n steps by a factor k to exactly ceil(n / k) points, the first step among them.
/// Factor 1 is the series itself, whatever the method.
/// </summary>
public static class Downsampler
{
    /// <summary>The points that the method keeps of the series.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A factor below 1, or above 1 with <see cref="DownsamplingMethod.None"/>.</exception>
    public static DownsampledSeries Shorten(TimeSeries series, DownsamplingMethod method, int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        if (factor == 1) return Pick(series, EveryStep(series.Length, 1));
        return method switch
        {
            DownsamplingMethod.Decimation => Pick(series, EveryStep(series.Length, factor)),
            DownsamplingMethod.BlockMean => BlockMeans(series, factor),
            DownsamplingMethod.Lttb => Pick(series, LargestTriangleThreeBuckets.Select(series, NumPoints(series.Length, factor))),
            DownsamplingMethod.Adaptive => Pick(series, AdaptiveSelection.Select(series, NumPoints(series.Length, factor))),
            _ => throw new ArgumentOutOfRangeException(nameof(factor), factor, $"Downsampling method {method} allows factor 1 only."),
        };
    }

    /// <summary>Points left of a series of that many steps: ceil(length / factor).</summary>
    public static int NumPoints(int length, int factor) => (int)(((long)length + factor - 1) / factor);

    /// <summary>True when the points stand at regular steps, so that a stride says all about their times.</summary>
    public static bool IsRegular(DownsamplingMethod method) => method is not (DownsamplingMethod.Lttb or DownsamplingMethod.Adaptive);

    private static int[] EveryStep(int length, int stride)
    {
        var times = new int[NumPoints(length, stride)];
        for (var i = 0; i < times.Length; i++) times[i] = i * stride;
        return times;
    }

    private static DownsampledSeries Pick(TimeSeries series, int[] times)
    {
        var values = new double[series.NumChannels][];
        for (var c = 0; c < values.Length; c++)
        {
            var channel = series.Channel(c);
            values[c] = new double[times.Length];
            for (var i = 0; i < times.Length; i++) values[c][i] = channel[times[i]];
        }
        return new DownsampledSeries(times, values, series.Length);
    }

    // A block's mean leaves missing values out, is missing where all are, and stands at the block's first step.
    private static DownsampledSeries BlockMeans(TimeSeries series, int factor)
    {
        var times = EveryStep(series.Length, factor);
        var values = new double[series.NumChannels][];
        for (var c = 0; c < values.Length; c++)
        {
            var channel = series.Channel(c);
            values[c] = new double[times.Length];
            for (var i = 0; i < times.Length; i++)
                values[c][i] = MeanOfPresent(channel[times[i]..(int)Math.Min((long)times[i] + factor, channel.Length)]);
        }
        return new DownsampledSeries(times, values, series.Length);
    }

    private static double MeanOfPresent(ReadOnlySpan<double> values)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            if (double.IsNaN(value)) continue;
            sum += value;
            count++;
        }
        return count == 0 ? double.NaN : sum / count;
    }
}
