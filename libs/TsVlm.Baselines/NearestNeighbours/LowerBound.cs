using System.Runtime.Intrinsics;
using TsVlm.Baselines.Series;

namespace TsVlm.Baselines.NearestNeighbours;

/// <summary>
/// Cheap bounds that a warping distance cannot fall below; a candidate whose bound exceeds the best distance needs no table.
/// </summary>
internal static class LowerBound
{
    /// <summary>
    /// Cost of the first and of the last pair of points, which every path contains (after LB_Kim, Rakthanmanon et al. 2012, section 4.1).
    /// </summary>
    public static double Ends(ComparableSeries a, ComparableSeries b)
    {
        var numChannels = a.NumChannels;
        var first = SquaredEuclidean.Distance(a.Values.AsSpan(0, numChannels), b.Values.AsSpan(0, numChannels));
        if (a.Length == 1 && b.Length == 1) return first;
        return first + SquaredEuclidean.Distance(a.Values.AsSpan(^numChannels..), b.Values.AsSpan(^numChannels..));
    }

    /// <summary>
    /// LB_Keogh: writes what each row must cost at least because its values (time steps * channels) lie outside low..high, and returns the
    /// sum.
    /// </summary>
    /// <param name="values">Values of the rows.</param>
    /// <param name="low">
    /// Lowest values they can meet: one for each value, or one for each channel where the whole series can be met.
    /// </param>
    /// <param name="high">Highest values they can meet, likewise.</param>
    /// <param name="numChannels">Channels.</param>
    /// <param name="costs">One for each time step.</param>
    public static double Outside(ReadOnlySpan<double> values, ReadOnlySpan<double> low, ReadOnlySpan<double> high, int numChannels,
        Span<double> costs)
    {
        var perChannel = low.Length != values.Length;
        if (numChannels == 1) return perChannel ? OutsideRange(values, low[0], high[0], costs) : OutsideEnvelope(values, low, high, costs);
        var sum = 0.0;
        for (var t = 0; t < values.Length / numChannels; t++)
        {
            var start = t * numChannels;
            var bound = perChannel ? 0 : start;
            var cost = 0.0;
            for (var channel = 0; channel < numChannels; channel++)
            {
                var value = values[start + channel];
                var outside = double.MaxNative(double.MaxNative(value - high[bound + channel], low[bound + channel] - value), 0);
                cost += outside * outside;
            }
            costs[t] = cost;
            sum += cost;
        }
        return sum;
    }

    /// <summary>
    /// Turns what each row costs into what it and all rows after it cost; costs has one element more than there are rows.
    /// </summary>
    public static void SumFromEnd(Span<double> costs)
    {
        costs[^1] = 0;
        for (var t = costs.Length - 2; t >= 0; t--) costs[t] += costs[t + 1];
    }

    private static double OutsideRange(ReadOnlySpan<double> values, double low, double high, Span<double> costs)
    {
        var (lows, highs, sums) = (Vector256.Create(low), Vector256.Create(high), Vector256<double>.Zero);
        var t = 0;
        for (; t <= values.Length - 4; t += 4) sums += Outside(Vector256.Create(values[t..]), lows, highs, costs[t..]);
        var sum = Vector256.Sum(sums);
        for (; t < values.Length; t++) sum += costs[t] = Outside(values[t], low, high);
        return sum;
    }

    private static double OutsideEnvelope(ReadOnlySpan<double> values, ReadOnlySpan<double> low, ReadOnlySpan<double> high,
        Span<double> costs)
    {
        var sums = Vector256<double>.Zero;
        var t = 0;
        for (; t <= values.Length - 4; t += 4)
            sums += Outside(Vector256.Create(values[t..]), Vector256.Create(low[t..]), Vector256.Create(high[t..]), costs[t..]);
        var sum = Vector256.Sum(sums);
        for (; t < values.Length; t++) sum += costs[t] = Outside(values[t], low[t], high[t]);
        return sum;
    }

    private static Vector256<double> Outside(Vector256<double> values, Vector256<double> low, Vector256<double> high, Span<double> costs)
    {
        var outside = Vector256.MaxNative(Vector256.MaxNative(values - high, low - values), Vector256<double>.Zero);
        var squares = outside * outside;
        squares.CopyTo(costs);
        return squares;
    }

    private static double Outside(double value, double low, double high)
    {
        var outside = double.MaxNative(double.MaxNative(value - high, low - value), 0);
        return outside * outside;
    }
}
