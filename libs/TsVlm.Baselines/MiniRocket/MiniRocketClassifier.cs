using TorchSharp;
using TsVlm.Baselines.Linear;
using TsVlm.Baselines.Series;
using TsVlm.Data;

namespace TsVlm.Baselines.MiniRocket;

/// <summary>MiniRocket's features, classified by ridge regression with leave-one-out, as published.</summary>
internal static class MiniRocketClassifier
{
    // Features of this many test series are held at a time.
    private const int BatchSize = 256;

    /// <summary>Fits on the training series and predicts the test series.</summary>
    public static BaselineResult Run(
        IReadOnlyList<LabelledSeries> training, IReadOnlyList<TimeSeries> test, IReadOnlyList<string> classes, int seed, int numThreads,
        Action<int>? progress, CancellationToken cancellationToken)
    {
        int[] targets = [.. training.Select(labelled => ClassIndex.Of(labelled.Label, classes))];
        TimeSeries[] series = [.. training.Select(labelled => labelled.Series)];
        torch.set_num_threads(numThreads);
        var rocket = MiniRocketTransform.Fit(series, seed, numThreads, cancellationToken);
        var ridge = RidgeClassifier.Fit(rocket.Transform(series, numThreads, cancellationToken), targets, classes.Count,
            cancellationToken: cancellationToken);

        var (predictions, probabilities) = (new List<string>(), new List<double[]>());
        foreach (var batch in test.Chunk(BatchSize))
        {
            foreach (var decision in ridge.Decide(rocket.Transform(batch, numThreads, cancellationToken)))
            {
                predictions.Add(classes[RidgeClassifier.ClassOf(decision)]);
                probabilities.Add(ridge.Probabilities(decision));
                progress?.Invoke(predictions.Count);
            }
        }
        return new(predictions, probabilities);
    }
}
