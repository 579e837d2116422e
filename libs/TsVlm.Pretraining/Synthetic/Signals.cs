using TsVlm.Data;
using TsVlm.Data.Generators;
using TsVlm.Representations.Images;

namespace TsVlm.Pretraining.Synthetic;

/// <summary>What is done to whole signals.</summary>
internal static class Signals
{
    /// <summary>Strength of a <see cref="Warp"/> that is plain to see.</summary>
    public const double StrongWarp = 0.6;

    /// <summary>
    /// Source of chance for a number under a seed: SplitMix64's finaliser (Steele et al. 2014) over both, so that near numbers have nothing in
    /// common.
    /// </summary>
    public static Random RandomOf(int seed, long number)
    {
        var state = unchecked(((ulong)(uint)seed << 32) + ((ulong)number * 0x9E3779B97F4A7C15UL) + 0x9E3779B97F4A7C15UL);
        state = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL);
        state = unchecked((state ^ (state >> 27)) * 0x94D049BB133111EBUL);
        return new Random((int)((state ^ (state >> 31)) >> 33));
    }

    /// <summary>Between the two, its logarithm uniform.</summary>
    public static double LogUniform(this Random random, double from, double to) => Math.Exp(random.Uniform(Math.Log(from), Math.Log(to)));

    /// <summary>Minus mean, over standard deviation; a constant is 0.</summary>
    public static double[] Normalised(double[] values) => ZNormalisation.Of(values);

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

    /// <summary>
    /// Time that runs faster and slower: at each of a few places by a random factor, on lines between them; the same for every series.
    /// </summary>
    /// <param name="length">Steps of the series.</param>
    /// <param name="strength">Standard deviation of the factors' logarithms.</param>
    /// <param name="random">Draws places and factors.</param>
    public static Func<double[], double[]> Warp(int length, double strength, Random random)
    {
        var pace = Array.ConvertAll(Lines(length, 3 + random.Next(6), random), value => Math.Exp(strength * value));
        var (total, place) = (pace.Sum(), 0.0);
        var places = Array.ConvertAll(pace, step => ((place += step) - (step / 2)) / total * (length - 1));
        return values => Array.ConvertAll(places, at => ZoomMosaic.At(values, at));
    }

    /// <summary>Normal numbers at so many places evenly spread, and lines between them.</summary>
    public static double[] Lines(int length, int numPlaces, Random random)
    {
        double[] knots = [.. Enumerable.Range(0, numPlaces).Select(_ => random.Normal())];
        return [.. Enumerable.Range(0, length).Select(t => ZoomMosaic.At(knots, t * (numPlaces - 1.0) / Math.Max(1, length - 1)))];
    }
}
