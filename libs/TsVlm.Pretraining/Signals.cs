using TsVlm.Data.Generators;
using TsVlm.Representations.Images;

namespace TsVlm.Pretraining;

/// <summary>What is done to whole signals.</summary>
internal static class Signals
{
    /// <summary>Between the two, its logarithm uniform.</summary>
    public static double LogUniform(this Random random, double from, double to) => Math.Exp(random.Uniform(Math.Log(from), Math.Log(to)));

    /// <summary>
    /// Minus mean, over standard deviation; a constant is 0. Not <see cref="TsVlm.Data.ZNormalisation"/>, which scales first: its last bits
    /// differ, and the embedded weights are those of these.
    /// </summary>
    public static double[] Normalised(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return Array.ConvertAll(values, value => deviation > 1e-12 ? (value - mean) / deviation : 0);
    }

    /// <summary>Means over windows that reach so many steps to both sides, and no further than the ends.</summary>
    public static double[] Smoothed(double[] values, int reach)
    {
        var sums = new double[values.Length + 1];
        for (var t = 0; t < values.Length; t++) sums[t + 1] = sums[t] + values[t];
        return [.. values.Select((_, t) =>
        {
            var (from, to) = (Math.Max(0, t - reach), Math.Min(values.Length, t + reach + 1));
            return (sums[to] - sums[from]) / (to - from);
        })];
    }

    /// <summary>Time runs faster and slower: at each of a few places by a random factor, on lines between them.</summary>
    public static double[] Warped(double[] values, Random random)
    {
        var pace = Array.ConvertAll(Lines(values.Length, 3 + random.Next(6), random), value => Math.Exp(0.6 * value));
        var (total, place) = (pace.Sum(), 0.0);
        return [.. pace.Select(step => ZoomMosaic.At(values, ((place += step) - (step / 2)) / total * (values.Length - 1)))];
    }

    /// <summary>Normal numbers at so many places evenly spread, and lines between them.</summary>
    public static double[] Lines(int length, int numPlaces, Random random)
    {
        double[] knots = [.. Enumerable.Range(0, numPlaces).Select(_ => random.Normal())];
        return [.. Enumerable.Range(0, length).Select(t => ZoomMosaic.At(knots, t * (numPlaces - 1.0) / Math.Max(1, length - 1)))];
    }
}
