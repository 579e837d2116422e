using System.Runtime.Intrinsics;

namespace TsVlm.Baselines.NearestNeighbours;

/// <summary>Sum of squared differences; the root is left out because it changes no order.</summary>
internal static class SquaredEuclidean
{
    /// <summary>
    /// Distance between two series of equal length. Four partial sums on every processor, so the result is the same on each.
    /// </summary>
    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sums = Vector256<double>.Zero;
        var t = 0;
        for (; t <= a.Length - 4; t += 4)
        {
            var difference = Vector256.Create(a[t..]) - Vector256.Create(b[t..]);
            sums += difference * difference;
        }
        var sum = Vector256.Sum(sums);
        for (; t < a.Length; t++) sum += (a[t] - b[t]) * (a[t] - b[t]);
        return sum;
    }
}
