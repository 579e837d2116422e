using TsVlm.Data;

namespace TsVlm.Representations.Downsampling;

/// <summary>
/// More points where the series varies more: the idea of arXiv 2412.17304, section 3, as quantiles of a weight instead of a rate for
/// each window, so that it is defined on every series and yields exactly the points asked for. A step weighs 1 plus its share of the
/// local variability (absolute change, each channel scaled by its span, averaged over a window) relative to the mean; a series without
/// variability is therefore decimated evenly. Points keep their own time steps and values.
/// </summary>
internal static class AdaptiveSelection
{
    public static int[] Select(TimeSeries series, int numPoints)
    {
        var weights = Weights(Smoothed(AbsoluteChange(series), window: Downsampler.NumPoints(series.Length, numPoints)));
        var total = weights.Sum();
        var times = new int[numPoints];
        var (step, weightBefore) = (0, 0.0);
        for (var i = 1; i < numPoints; i++)
        {
            var quantile = total * i / numPoints;
            while (step < series.Length && weightBefore < quantile) weightBefore += weights[step++];
            // One heavy step can hold several quantiles: later points then follow step by step, and always leave room for the rest.
            times[i] = Math.Clamp(step, times[i - 1] + 1, series.Length - numPoints + i);
        }
        return times;
    }

    private static double[] AbsoluteChange(TimeSeries series)
    {
        var change = new double[series.Length];
        var spans = ChannelSpans.Inverse(series);
        for (var c = 0; c < spans.Length; c++)
        {
            var previous = double.NaN;
            var values = series.Channel(c);
            for (var t = 0; t < values.Length; t++)
            {
                if (double.IsNaN(values[t])) continue;
                if (!double.IsNaN(previous)) change[t] += Math.Abs(values[t] - previous) * spans[c];
                previous = values[t];
            }
        }
        return change;
    }

    // Centred moving mean; the window is cut at the ends.
    private static double[] Smoothed(double[] values, int window)
    {
        var sums = new double[values.Length + 1];
        for (var t = 0; t < values.Length; t++) sums[t + 1] = sums[t] + values[t];
        var smoothed = new double[values.Length];
        for (var t = 0; t < values.Length; t++)
        {
            var (from, to) = (Math.Max(0, t - (window / 2)), Math.Min(values.Length, t + (window / 2) + 1));
            smoothed[t] = (sums[to] - sums[from]) / (to - from);
        }
        return smoothed;
    }

    private static double[] Weights(double[] variability)
    {
        var mean = variability.Average();
        return [.. variability.Select(value => mean > 0 ? 1 + (value / mean) : 1)];
    }
}
