using TsVlm.Data;
using TsVlm.Data.Generators;

namespace TsVlm.Pretraining;

/// <summary>
/// The series that the embedded model is pretrained on: one channel, drawn from a family of generic signals, with no class. A series is one
/// to three <see cref="Components"/> of random strength, added, multiplied or put one after the other; then, each by chance, warped in
/// time, smoothed, or under noise. No definition of a simulated set of the archives (Cylinder-Bell-Funnel, SyntheticControl, TwoPatterns,
/// ShapeletSim, BME, UMD, SmoothSubspace, Mallat) is among them. The seed and the number of a series decide it, and nothing else does.
/// </summary>
/// <param name="seed">Seed of the whole family.</param>
public sealed class SyntheticSeries(int seed)
{
    private const int Shortest = 64, Longest = 512, MaxComponents = 3;
    private const double ChanceOfProduct = 0.2, ChanceOfSequence = 0.2, ChanceOfWarp = 0.3, ChanceOfSmoothing = 0.2, ChanceOfNoise = 0.6;
    private const double MinNoise = 0.01, MaxNoise = 0.7;

    /// <summary>Series of that number, of 64 to 512 steps.</summary>
    public TimeSeries this[long number]
    {
        get
        {
            var random = new Random(SeedOf(number));
            var values = Composed((int)random.LogUniform(Shortest, Longest + 1), random);
            if (random.NextDouble() < ChanceOfWarp) values = Signals.Warped(values, random);
            if (random.NextDouble() < ChanceOfSmoothing) values = Signals.Smoothed(values, 1 + random.Next(values.Length / 16));
            if (random.NextDouble() < ChanceOfNoise)
            {
                var deviation = random.LogUniform(MinNoise, MaxNoise);
                values = Signals.Normalised(values);
                for (var t = 0; t < values.Length; t++) values[t] += deviation * random.Normal();
            }
            return new TimeSeries([values]);
        }
    }

    private static double[] Composed(int length, Random random)
    {
        var values = Component(length, random);
        for (var more = random.Next(MaxComponents); more > 0; more--)
        {
            var (other, how, strength) = (Component(length, random), random.NextDouble(), Math.Exp(random.Normal()));
            var from = how < ChanceOfSequence ? random.Next(length) : 0;
            for (var t = from; t < length; t++)
            {
                values[t] = how < ChanceOfSequence ? other[t] : how < ChanceOfSequence + ChanceOfProduct
                    ? values[t] * (1 + other[t]) : values[t] + (strength * other[t]);
            }
        }
        return values;
    }

    private static double[] Component(int length, Random random) =>
        Signals.Normalised(Components.All[random.Next(Components.All.Count)](length, random));

    /// <summary>SplitMix64's finaliser (Steele et al. 2014) over seed and number.</summary>
    private int SeedOf(long number)
    {
        var state = unchecked(((ulong)(uint)seed << 32) + ((ulong)number * 0x9E3779B97F4A7C15UL) + 0x9E3779B97F4A7C15UL);
        state = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL);
        state = unchecked((state ^ (state >> 27)) * 0x94D049BB133111EBUL);
        return (int)((state ^ (state >> 31)) >> 33);
    }
}
