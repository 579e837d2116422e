using TsVlm.Baselines.InceptionTime;
using TsVlm.Baselines.MiniRocket;
using TsVlm.Baselines.NearestNeighbours;
using TsVlm.Baselines.Series;
using TsVlm.Data;

namespace TsVlm.Baselines;

/// <summary>The classifiers that a run is compared with, by name.</summary>
public static class Baseline
{
    private const string MiniRocketName = "minirocket";

    private static readonly (string Name, DistanceSettings Distance)[] Neighbours =
    [
        ("1nn-ed", DistanceSettings.Euclidean),
        ("1nn-dtw", DistanceSettings.FullWindow),
        ("1nn-dtw-learned", DistanceSettings.LearnedWindow),
        ("1nn-ed-z", DistanceSettings.Euclidean with { IsZNormalised = true }),
        ("1nn-dtw-z", DistanceSettings.FullWindow with { IsZNormalised = true }),
        ("1nn-dtw-learned-z", DistanceSettings.LearnedWindow with { IsZNormalised = true }),
    ];

    /// <summary>
    /// The names that <see cref="Run"/> knows; <c>inceptiontime:EPOCHS</c> is another, for training of other than the published 1,500
    /// epochs.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = [.. Neighbours.Select(baseline => baseline.Name), MiniRocketName,
        InceptionTimeSettings.Name];

    /// <summary>Fits the baseline on the training series and predicts the test series.</summary>
    /// <param name="name">One of <see cref="Names"/>, or <c>inceptiontime:EPOCHS</c>.</param>
    /// <param name="training">At least one labelled series.</param>
    /// <param name="test">Series to classify.</param>
    /// <param name="classes">Every class, in the order of the probabilities.</param>
    /// <param name="seed">Seed of what is drawn at random; nearest neighbours draw nothing.</param>
    /// <param name="numThreads">
    /// Most threads to use, at least 1; the result does not depend on it, but for rounding in minirocket and inceptiontime.
    /// </param>
    /// <param name="progress">
    /// Called with the number of test series done, one after the other, from any thread; inceptiontime calls it while it trains, with as
    /// many as is its share of the work.
    /// </param>
    /// <param name="cancellationToken">Stops between two series, or two steps of a training.</param>
    /// <exception cref="ArgumentException">An unknown name, or series that cannot be compared.</exception>
    /// <exception cref="BaselineException">A training whose loss is not a number, or a processor that computes it wrongly.</exception>
    public static BaselineResult Run(
        string name, IReadOnlyList<LabelledSeries> training, IReadOnlyList<TimeSeries> test, IReadOnlyList<string> classes, int seed,
        int numThreads,
        Action<int>? progress, CancellationToken cancellationToken)
    {
        if (InceptionTimeSettings.Of(name) is { } settings)
            return InceptionTimeClassifier.Run(settings, training, test, classes, seed, numThreads, progress, cancellationToken);
        if (name == MiniRocketName) return MiniRocketClassifier.Run(training, test, classes, seed, numThreads, progress, cancellationToken);
        var distance = Neighbours.FirstOrDefault(baseline => baseline.Name == name).Distance
            ?? throw new ArgumentException(
                $"There is no baseline '{name}'; choose one of {string.Join(", ", Names)}, or {InceptionTimeSettings.Name}:EPOCHS.",
                nameof(name));
        var predictions = NearestNeighbour.Classify(training, test, distance, numThreads, progress, cancellationToken).Predictions;
        return new(predictions, [.. predictions.Select(label => OneHot(ClassIndex.Of(label, classes), classes.Count))]);
    }

    private static double[] OneHot(int index, int count)
    {
        var row = new double[count];
        row[index] = 1;
        return row;
    }
}
