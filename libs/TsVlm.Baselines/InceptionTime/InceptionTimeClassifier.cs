using TsVlm.Baselines.Series;
using TsVlm.Data;
using static TorchSharp.torch;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>
/// InceptionTime (Fawaz et al. 2020, "InceptionTime: Finding AlexNet for Time Series Classification", arXiv 1909.04939, section 3):
/// Inception networks that differ in their seed, their probabilities averaged with equal weight.
/// </summary>
internal static class InceptionTimeClassifier
{
    /// <summary>Trains the networks one after the other and predicts the test series.</summary>
    /// <exception cref="BaselineException">
    /// A loss or prediction that is not finite, or a processor that computes gradients wrongly.
    /// </exception>
    public static BaselineResult Run(
        InceptionTimeSettings settings, IReadOnlyList<LabelledSeries> training, IReadOnlyList<TimeSeries> test,
        IReadOnlyList<string> classes, int seed,
        int numThreads, Action<int>? progress, CancellationToken cancellationToken)
    {
        long[] targets = [.. training.Select(labelled => ClassIndex.Of(labelled.Label, classes))];
        set_num_threads(numThreads);
        ConvolutionCheck.Require(settings.Shape);
        using var scope = NewDisposeScope();
        var (known, asked) = SeriesTensor.Of([.. training.Select(labelled => labelled.Series)], test);
        var trueClasses = tensor(targets);
        var sums = Array.ConvertAll(new double[test.Count][], _ => new double[classes.Count]);
        var (numEpochs, numReported) = (0L, 0);
        for (var member = 0; member < settings.NumNetworks; member++)
        {
            // Members of neighbouring seeds are different ones.
            var random = new Random(unchecked(seed * settings.NumNetworks + member));
            using var network = new InceptionNetwork((int)known.shape[1], classes.Count, settings.Shape, random);
            NetworkTraining.Run(network, known, trueClasses, settings, random, _ => Report(), cancellationToken);
            foreach (var (sum, row) in sums.Zip(NetworkTraining.Probabilities(network, asked, cancellationToken)))
            {
                for (var c = 0; c < row.Length; c++) sum[c] += row[c] / settings.NumNetworks;
            }
        }
        if (numReported < test.Count) progress?.Invoke(test.Count);
        return new([.. sums.Select(row => classes[row.IndexOf(row.Max())])], sums) { Warnings = UnitWarnings.Of(known) };

        // Training takes nearly all of the time, so its share counts; the last series is done when all is.
        void Report()
        {
            numEpochs++;
            var share = (int)(numEpochs * Math.Max(0, test.Count - 1) / ((long)settings.NumNetworks * settings.NumEpochs));
            if (share > numReported) progress?.Invoke(numReported = share);
        }
    }
}
