using TsVlm.Data;
using TsVlm.Representations.Downsampling;

namespace TsVlm.Representations.Images;

/// <summary>
/// A channel as a value for every time step, which transforms need: missing values, and steps that downsampling left out, lie on the
/// straight line between their neighbours; those before the first and after the last value repeat it.
/// </summary>
internal static class RegularValues
{
    /// <summary>(time steps) values without gaps; null for a channel without any value.</summary>
    public static double[]? Of(DownsampledSeries series, int channel)
    {
        var (points, values) = (series.Values[channel], new double[series.Length]);
        var previous = -1;                               // the last point with a value
        for (var i = 0; i < points.Length; i++)
        {
            if (double.IsNaN(points[i])) continue;
            var (time, start) = (series.Times[i], previous < 0 ? 0 : series.Times[previous]);
            var from = previous < 0 ? points[i] : points[previous];
            for (var t = start; t < time; t++) values[t] = from + ((points[i] - from) * (t - start) / (time - start));
            values[time] = points[i];
            previous = i;
        }
        if (previous < 0) return null;
        values.AsSpan(series.Times[previous]).Fill(points[previous]);
        return values;
    }

    /// <summary>
    /// Piecewise aggregate approximation (Keogh et al. 2001): at most so many equally long pieces, each its mean. A value on the border of
    /// two pieces counts in both by its share. A series that is short enough stays as it is.
    /// </summary>
    public static double[] Aggregated(double[] values, int mostPieces)
    {
        if (values.Length <= mostPieces) return values;
        var (pieces, length) = (new double[mostPieces], (double)values.Length / mostPieces);
        for (var i = 0; i < mostPieces; i++)
        {
            var (start, end) = (i * length, Math.Min((i + 1) * length, values.Length));
            var sum = 0.0;
            for (var t = (int)start; t < end; t++) sum += values[t] * (Math.Min(end, t + 1) - Math.Max(start, t));
            pieces[i] = sum / (end - start);
        }
        return pieces;
    }

    /// <summary>First differences, as long as the series: the first step has the difference to the second.</summary>
    public static double[] Differences(double[] values)
    {
        var differences = new double[values.Length];
        for (var t = 1; t < values.Length; t++) differences[t] = values[t] - values[t - 1];
        if (values.Length > 1) differences[0] = differences[1];
        return differences;
    }

    /// <summary>Cumulative sums of the deviations from the mean.</summary>
    public static double[] CumulativeSums(double[] values)
    {
        var (sums, sum) = (ZNormalisation.Centred(values), 0.0);
        for (var t = 0; t < sums.Length; t++) sums[t] = sum += sums[t];
        return sums;
    }
}
