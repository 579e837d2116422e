using System.Numerics;
using System.Runtime.InteropServices;

namespace TsVlm.Baselines.MiniRocket;

/// <summary>PPV, the share of values above a bias (section 3.2.1).</summary>
internal static class PositiveShare
{
    /// <summary>Share, 0 to 1, of values greater than the bias.</summary>
    public static float Of(ReadOnlySpan<float> values, float bias)
    {
        var (limit, counts) = (new Vector<float>(bias), Vector<int>.Zero);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var vector in vectors) counts -= Vector.GreaterThan(vector, limit);
        var count = Vector.Sum(counts);
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..]) count += value > bias ? 1 : 0;
        return (float)count / values.Length;
    }

    /// <summary>Quantile of values in rising order, linear between neighbours.</summary>
    public static float Quantile(ReadOnlySpan<float> sorted, float quantile)
    {
        var rank = (double)quantile * (sorted.Length - 1);
        var (below, share) = ((int)rank, rank - (int)rank);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return (float)(sorted[below] * (1 - share) + sorted[above] * share);
    }
}
