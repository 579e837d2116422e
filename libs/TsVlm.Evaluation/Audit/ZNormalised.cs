using TsVlm.Baselines.Series;
using TsVlm.Data;

namespace TsVlm.Evaluation.Audit;

/// <summary>Whole series z-normalised channel by channel for comparisons; missing values interpolated, constant channels 0.</summary>
internal static class ZNormalised
{
    /// <summary>Values (channels * time steps); null where every channel is constant, so that nothing is left to compare.</summary>
    public static double[]? Of(TimeSeries series)
    {
        var values = new double[series.NumChannels * series.Length];
        var isConstant = true;
        for (var channel = 0; channel < series.NumChannels; channel++)
        {
            var normalised = ZNormalisation.Of(MissingValues.Fill(series.Channel(channel)));
            isConstant &= !normalised.AsSpan().ContainsAnyExcept(0);
            normalised.CopyTo(values, channel * series.Length);
        }
        return isConstant ? null : values;
    }

    /// <summary>Root mean squared difference, at least; no more than tells that it is above the limit.</summary>
    public static double Distance(double[] first, double[] second, double limit = double.PositiveInfinity)
    {
        const int Block = 64;
        var (sum, max) = (0.0, limit * limit * first.Length);
        for (var start = 0; start < first.Length; start += Block)
        {
            var end = Math.Min(start + Block, first.Length);
            for (var i = start; i < end; i++) sum += (first[i] - second[i]) * (first[i] - second[i]);
            if (sum > max) break;
        }
        return Math.Sqrt(sum / first.Length);
    }
}
