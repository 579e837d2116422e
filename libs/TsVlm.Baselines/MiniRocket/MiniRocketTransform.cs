using TsVlm.Data;

namespace TsVlm.Baselines.MiniRocket;

/// <summary>
/// MiniRocket (Dempster, Schmidt and Webb 2021, arXiv 2012.08791): 9,996 features of a series, each the share of a dilated convolution
/// above a bias. Several channels: every kernel and dilation sums a random subset of at most nine, as in the authors' multivariate
/// extension.
/// <para>
/// Training series of one length: kernels alternate between zeros beyond the ends and the valid part alone, as published; where no part is
/// valid (a shorter test series, fewer than 9 steps) the output with zeros counts. Training series of several lengths: dilations by the
/// longest, and zeros beyond the ends for all, as in the authors' extension to variable length. Missing values are interpolated within
/// their channel (ends: nearest value; nothing known: 0). Series are not normalised.
/// </para>
/// </summary>
public sealed class MiniRocketTransform
{
    /// <summary>Features of one series.</summary>
    public const int NumFeatures = Dilations.NumFeaturesPerKernel * NumKernels;

    private const int NumKernels = 84;
    private const int MaxChannels = 9;

    private readonly int numChannels;
    private readonly bool alternatesPadding;
    private readonly IReadOnlyList<DilationShare> dilations;
    private readonly int[] firstFeature;
    private readonly int[][] channels;
    private readonly float[] biases = new float[NumFeatures];

    private MiniRocketTransform(IReadOnlyList<TimeSeries> training, Random random)
    {
        numChannels = training[0].NumChannels;
        alternatesPadding = training.All(series => series.Length == training[0].Length);
        dilations = Dilations.Of(training.Max(series => series.Length));
        firstFeature = new int[dilations.Count];
        for (var i = 1; i < dilations.Count; i++) firstFeature[i] = firstFeature[i - 1] + NumKernels * dilations[i - 1].NumFeatures;
        channels = ChannelSubsets(dilations.Count * NumKernels, random);
    }

    /// <summary>Draws channels and biases from the training series; the same seed gives the same, with any number of threads.</summary>
    /// <param name="training">At least one series; the label is not needed.</param>
    /// <param name="seed">Seed of the channels, and of the series that biases come from.</param>
    /// <param name="numThreads">Most threads to use, at least 1.</param>
    /// <param name="cancellationToken">Stops between two kernels.</param>
    /// <exception cref="ArgumentException">No training series, different numbers of channels, or an infinite value.</exception>
    public static MiniRocketTransform Fit(IReadOnlyList<TimeSeries> training, int seed, int numThreads, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numThreads, 1);
        if (training.Count == 0)
            throw new ArgumentException("MiniRocket needs at least one training series, found none.", nameof(training));
        var random = new Random(seed);
        var rocket = new MiniRocketTransform(training, random);
        rocket.FitBiases(training, random, new() { MaxDegreeOfParallelism = numThreads, CancellationToken = cancellationToken });
        return rocket;
    }

    /// <summary>Features (series, <see cref="NumFeatures"/>), 0 to 1, in the order dilation, kernel, bias.</summary>
    /// <param name="series">Any number of series with the channels of the training series.</param>
    /// <param name="numThreads">Most threads to use, at least 1; the features do not depend on it.</param>
    /// <param name="cancellationToken">Stops between two series.</param>
    /// <exception cref="ArgumentException">Another number of channels, or an infinite value.</exception>
    public float[][] Transform(IReadOnlyList<TimeSeries> series, int numThreads, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numThreads, 1);
        float[][][] values = [.. series.Select((one, index) => ChannelValues.Of(one, numChannels, $"Series {index}"))];
        var features = new float[series.Count][];
        var options = new ParallelOptions { MaxDegreeOfParallelism = numThreads, CancellationToken = cancellationToken };
        Parallel.For(0, features.Length, options, () => new DilatedConvolution(), (index, _, convolution) =>
        {
            features[index] = Transform(values[index], convolution);
            return convolution;
        }, _ => { });
        return features;
    }

    private float[] Transform(float[][] series, DilatedConvolution convolution)
    {
        var features = new float[NumFeatures];
        for (var i = 0; i < dilations.Count; i++)
        {
            convolution.Prepare(series, dilations[i].Dilation);
            for (var kernel = 0; kernel < NumKernels; kernel++)
            {
                var output = convolution.Apply(Kernels.Places[kernel], channels[i * NumKernels + kernel]);
                if ((i + kernel) % 2 == 1) output = Valid(output, dilations[i].Dilation);
                var (from, count) = Features(i, kernel);
                for (var feature = from; feature < from + count; feature++) features[feature] = PositiveShare.Of(output, biases[feature]);
            }
        }
        return features;
    }

    /// <summary>The part of the output that no zeros beyond the ends entered.</summary>
    private ReadOnlySpan<float> Valid(ReadOnlySpan<float> output, int dilation)
    {
        var padding = Kernels.Length / 2 * dilation;
        return alternatesPadding && output.Length > 2 * padding ? output[padding..^padding] : output;
    }

    private void FitBiases(IReadOnlyList<TimeSeries> training, Random random, ParallelOptions options)
    {
        float[][][] values = [.. training.Select((series, index) => ChannelValues.Of(series, numChannels, $"Training series {index}"))];
        int[] drawn = [.. channels.Select(_ => random.Next(training.Count))];
        Parallel.For(0, channels.Length, options, () => new DilatedConvolution(), (combination, _, convolution) =>
        {
            var (i, kernel) = Math.DivRem(combination, NumKernels);
            float[][] subset = [.. channels[combination].Select(channel => values[drawn[combination]][channel])];
            convolution.Prepare(subset, dilations[i].Dilation);
            var sorted = convolution.Apply(Kernels.Places[kernel], [.. Enumerable.Range(0, subset.Length)]).ToArray();
            Array.Sort(sorted);
            var (from, count) = Features(i, kernel);
            for (var feature = from; feature < from + count; feature++)
                biases[feature] = PositiveShare.Quantile(sorted, Kernels.Quantile(feature));
            return convolution;
        }, _ => { });
    }

    private (int From, int Count) Features(int dilation, int kernel) =>
        (firstFeature[dilation] + kernel * dilations[dilation].NumFeatures, dilations[dilation].NumFeatures);

    /// <summary>For each kernel and dilation 1 to 9 channels, few more often than many.</summary>
    private int[][] ChannelSubsets(int numCombinations, Random random)
    {
        var max = Math.Min(numChannels, MaxChannels);
        int[] counts = [.. Enumerable.Range(0, numCombinations)
            .Select(_ => Math.Min(max, (int)Math.Pow(2, random.NextDouble() * Math.Log2(max + 1))))];
        int[] all = [.. Enumerable.Range(0, numChannels)];
        return
        [
            .. counts.Select(count =>
            {
                random.Shuffle(all);
                return all[..count];
            }),
        ];
    }
}
