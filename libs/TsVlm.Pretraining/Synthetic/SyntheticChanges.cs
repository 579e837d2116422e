using TsVlm.Data.Generators;
using TsVlm.Representations.Images;

namespace TsVlm.Pretraining.Synthetic;

/// <summary>
/// What makes the classes of a synthetic group differ: most changes touch a part of the series and leave the rest as it is. A drawn change
/// does the same to every series.
/// </summary>
internal static class SyntheticChanges
{
    private const int SmallestPart = 3;
    private const double ShortestShare = 0.05, LongestShare = 0.5;

    private delegate void PartChange(double[] values, int from, int to, Random random);

    // A part of the series is changed by one of these, and so are all of its values by some of them.
    private static readonly PartChange[] All = [AddBump, AddComponent, Replace, Amplify, Smooth, ChangePace];

    /// <summary>A change of series of that length.</summary>
    public static Func<double[], double[]> Draw(int length, Random random)
    {
        var change = All[random.Next(All.Length)];
        var size = (int)Math.Clamp(length * random.LogUniform(ShortestShare, LongestShare), Math.Min(length, SmallestPart), length);
        var (from, seed) = (random.Next(length - size + 1), random.Next());
        return values =>
        {
            var changed = (double[])values.Clone();
            change(changed, from, from + size, new Random(seed));
            return changed;
        };
    }

    private static void AddBump(double[] values, int from, int to, Random random)
    {
        var (height, power) = (Height(random), random.Uniform(0.5, 3));
        for (var t = from; t < to; t++) values[t] += height * Math.Pow(Math.Sin(Math.PI * (t - from + 0.5) / (to - from)), power);
    }

    private static void AddComponent(double[] values, int from, int to, Random random)
    {
        var (added, height) = (Components.Draw(to - from, random), Height(random));
        for (var t = from; t < to; t++) values[t] += height * added[t - from] * Fade(t, from, to);
    }

    private static void Replace(double[] values, int from, int to, Random random)
    {
        var (other, mean) = (Components.Draw(to - from, random), values[from..to].Average());
        var scale = random.LogUniform(0.2, 2);
        for (var t = from; t < to; t++)
        {
            var share = Fade(t, from, to);
            values[t] = ((1 - share) * values[t]) + (share * (mean + (scale * other[t - from])));
        }
    }

    private static void Amplify(double[] values, int from, int to, Random random)
    {
        var (mean, factor) = (values[from..to].Average(), random.Next(2) == 0 ? random.Uniform(0, 0.8) : random.Uniform(1.25, 3));
        for (var t = from; t < to; t++) values[t] += (factor - 1) * (values[t] - mean) * Fade(t, from, to);
    }

    private static void Smooth(double[] values, int from, int to, Random random)
    {
        var smoothed = Signals.Smoothed(values, 1 + random.Next(1 + ((to - from) / 6)));
        for (var t = from; t < to; t++) values[t] += (smoothed[t] - values[t]) * Fade(t, from, to);
    }

    /// <summary>The part's time is bent: slower at first and faster then, or the other way round; its ends stay.</summary>
    private static void ChangePace(double[] values, int from, int to, Random random)
    {
        var (part, power) = (values[from..to], Math.Exp(random.Next(2) == 0 ? random.Uniform(0.2, 1) : random.Uniform(-1, -0.2)));
        for (var t = from; t < to; t++)
        {
            var at = (double)(t - from) / Math.Max(1, to - from - 1);
            values[t] = ZoomMosaic.At(part, Math.Pow(at, power) * (part.Length - 1));
        }
    }

    private static double Height(Random random) => random.LogUniform(0.1, 2) * (random.Next(2) == 0 ? 1 : -1);

    /// <summary>1 within a part, falling to 0 in the eighth at each end.</summary>
    private static double Fade(int t, int from, int to) => Math.Clamp(8.0 * (Math.Min(t - from, to - 1 - t) + 1) / (to - from), 0, 1);
}
