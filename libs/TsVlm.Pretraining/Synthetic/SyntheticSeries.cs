using TsVlm.Data;
using TsVlm.Data.Generators;

namespace TsVlm.Pretraining.Synthetic;

/// <summary>
/// The series that the embedded model is pretrained on. They come in groups that resemble the data sets of a classification task (as in
/// ChorusTIC's labelled episodes): series of one group have one length and one origin, and up to four classes that differ by small changes
/// (<see cref="SyntheticChanges"/>). A group is one of three kinds:
/// <list type="bullet">
/// <item>copies of one course with a variation of their own, as heartbeats or gestures are recorded;</item>
/// <item>passages of one long process per class, as an engine or an appliance is recorded;</item>
/// <item>series that have nothing in common.</item>
/// </list>
/// Signals are sums, products and sequences of <see cref="Components"/>, or nodes of a <see cref="CausalGraph"/>. No definition of a simulated
/// data set of the archives (Cylinder-Bell-Funnel, SyntheticControl, TwoPatterns, ShapeletSim, BME, UMD, SmoothSubspace, Mallat) is among
/// them. Seed, number, size and channels decide a group, and nothing else does.
/// </summary>
/// <param name="seed">Seed of all groups.</param>
public sealed class SyntheticSeries(int seed)
{
    /// <summary>Fewest and most steps of a series.</summary>
    internal const int Shortest = 8, Longest = 2048;

    private const int MaxClasses = 4, MaxComponents = 3, LongestProcess = 4 * Longest;
    private const double ChanceOfCopies = 0.5, ChanceOfPassages = 0.3;
    private const double ChanceOfGraph = 0.4, ChanceOfProduct = 0.2, ChanceOfSequence = 0.2;
    private const double ChanceOfWarp = 0.3, ChanceOfSmoothing = 0.2, ChanceOfNoise = 0.7;
    private const double MinNoise = 0.01, MaxNoise = 0.7, MinVariation = 0.02, MaxVariation = 0.5;

    /// <summary>A group of that number: series of 8 to 2,048 steps.</summary>
    /// <param name="number">Any number.</param>
    /// <param name="size">Series in the group, at least 1.</param>
    /// <param name="numChannels">Channels of every series, at least 1.</param>
    /// <param name="shortest">Fewest steps.</param>
    public TimeSeries[] Group(long number, int size, int numChannels = 1, int shortest = Shortest)
    {
        var random = Signals.RandomOf(seed, number);
        var length = (int)random.LogUniform(shortest, Longest + 1);
        var (kind, numClasses) = (random.NextDouble(), random.Next(1, MaxClasses + 1));
        Func<int, double[][]> drawn = kind < ChanceOfCopies ? Copies(length, numChannels, numClasses, random)
            : kind < ChanceOfCopies + ChanceOfPassages ? Passages(length, numChannels, numClasses, random)
            : _ => Channels(length, numChannels, random);
        var recording = Recording(length, numChannels, random);
        return [.. Enumerable.Range(0, size).Select(member => new TimeSeries(recording(drawn(random.Next(numClasses)))))];
    }

    private static Func<int, double[][]> Copies(int length, int numChannels, int numClasses, Random random)
    {
        var course = Channels(length, numChannels, random);
        var changes = Changes(length, numChannels, numClasses, random);
        var (variation, pace) = (random.LogUniform(MinVariation, MaxVariation), random.LogUniform(MinVariation, MaxVariation));
        return label =>
        {
            var channels = changes[label](course);
            var warp = Signals.Warp(length, pace, random);
            return Array.ConvertAll(channels, values => Sum(warp(values), Component(length, random), variation));
        };
    }

    private static Func<int, double[][]> Passages(int length, int numChannels, int numClasses, Random random)
    {
        var whole = Math.Min(LongestProcess, length * random.Next(2, 7));
        var process = Channels(whole, numChannels, random);
        double[][][] classes = [.. Changes(whole, numChannels, numClasses, random).Select(change => change(process))];
        return label =>
        {
            var from = random.Next(whole - length + 1);
            return Array.ConvertAll(classes[label], values => values[from..(from + length)]);
        };
    }

    /// <summary>What makes each class: nothing for the first, one or two changes of some channel for the others.</summary>
    private static Func<double[][], double[][]>[] Changes(int length, int numChannels, int numClasses, Random random) =>
    [
        .. Enumerable.Range(0, numClasses).Select(label =>
        {
            (int Channel, Func<double[], double[]> Apply)[] changes = [.. Enumerable.Range(0, label == 0 ? 0 : random.Next(1, 3))
                .Select(_ => (random.Next(numChannels), SyntheticChanges.Draw(length, random)))];
            return new Func<double[][], double[][]>(channels =>
            {
                double[][] changed = [.. channels];
                foreach (var (channel, apply) in changes) changed[channel] = apply(changed[channel]);
                return changed;
            });
        }),
    ];

    /// <summary>How a group is recorded: warped and smoothed alike, each channel with noise, a scale and an offset.</summary>
    private static Func<double[][], double[][]> Recording(int length, int numChannels, Random random)
    {
        var warp = random.NextDouble() < ChanceOfWarp ? Signals.Warp(length, Signals.StrongWarp, random) : values => values;
        var reach = random.NextDouble() < ChanceOfSmoothing ? 1 + random.Next(Math.Max(1, length / 16)) : 0;
        var noise = random.NextDouble() < ChanceOfNoise ? random.LogUniform(MinNoise, MaxNoise) : 0;
        (double Offset, double Scale)[] scales = [.. Enumerable.Range(0, numChannels)
            .Select(_ => (random.Next(2) == 0 ? 0 : 10 * random.Normal(), random.LogUniform(0.01, 100)))];
        return channels => [.. channels.Zip(scales, (values, scale) =>
        {
            var recorded = Signals.Normalised(Signals.Smoothed(warp(values), reach));
            return Array.ConvertAll(recorded, value => scale.Scale * (scale.Offset + value + (noise * random.Normal())));
        })];
    }

    private static double[][] Channels(int length, int numChannels, Random random) =>
        numChannels > 1 || random.NextDouble() < ChanceOfGraph ? CausalGraph.Draw(length, numChannels, random)
            : [Signals.Normalised(Composed(length, random))];

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

    private static double[] Component(int length, Random random) => Components.Draw(length, random);

    private static double[] Sum(double[] values, double[] other, double strength) =>
        [.. values.Zip(other, (value, more) => value + (strength * more))];
}
