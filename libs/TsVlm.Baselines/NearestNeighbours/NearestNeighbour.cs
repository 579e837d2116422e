using TsVlm.Baselines.Series;
using TsVlm.Data;

namespace TsVlm.Baselines.NearestNeighbours;

/// <summary>
/// Classification by the nearest training series, on the values as they are or z-normalised. Missing values are interpolated within their
/// channel (ends: nearest value; nothing known: 0). The Euclidean distance compares series of unequal length after stretching each
/// linearly to the longest training length; dynamic time warping needs no stretching. Equally near series: the first counts.
/// </summary>
public static class NearestNeighbour
{
    /// <summary>Predicts the label of every test series; the result does not depend on the number of threads.</summary>
    /// <param name="training">At least one labelled series.</param>
    /// <param name="test">Series to classify, with as many channels as the training series.</param>
    /// <param name="distance">How series are compared.</param>
    /// <param name="numThreads">Most threads to use, at least 1.</param>
    /// <param name="progress">Called with the number of test series done, one after the other, from any thread.</param>
    /// <param name="cancellationToken">Stops between two series.</param>
    /// <exception cref="ArgumentException">No training series, different numbers of channels, or an infinite value.</exception>
    public static NearestNeighbourResult Classify(
        IReadOnlyList<LabelledSeries> training, IReadOnlyList<TimeSeries> test, DistanceSettings distance, int numThreads,
        Action<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numThreads, 1);
        var (candidates, queries) = ComparableSeries.Prepare(
            [.. training.Select(labelled => labelled.Series)], test, distance.IsZNormalised);
        var options = new ParallelOptions { MaxDegreeOfParallelism = numThreads, CancellationToken = cancellationToken };
        var longest = candidates.Max(series => series.Length);
        var window = 0;
        var fraction = 0.0;
        if (distance.Measure is DistanceMeasure.DynamicTimeWarpingLearned)
        {
            var percent = WindowLearning.BestPercent(candidates, [.. training.Select(labelled => labelled.Label)], options);
            window = WindowLearning.WindowSteps(percent, longest);
            fraction = percent / 100.0;
        }
        else if (distance.Measure is DistanceMeasure.DynamicTimeWarping)
        {
            // The full window has no band at all, also for a test series longer than every training series.
            var isFull = distance.WindowFraction == 1;
            window = isFull ? int.MaxValue : distance.WindowSteps(longest);
            fraction = distance.WindowFraction;
        }

        var nearest = new int[queries.Length];
        var numDone = 0;
        var reporting = new Lock();
        var longestOfAll = Math.Max(longest, queries.Select(series => series.Length).DefaultIfEmpty().Max());
        Parallel.For(0, queries.Length, options, () => new NeighbourSearch(candidates, longestOfAll), (index, _, search) =>
        {
            nearest[index] = Nearest(search, queries[index], distance.Measure, window).Index;
            if (progress is not null) lock (reporting) progress(++numDone);
            return search;
        }, _ => { });
        return new([.. nearest.Select(index => training[index].Label)], nearest, fraction);
    }

    private static Neighbour Nearest(NeighbourSearch search, ComparableSeries query, DistanceMeasure measure, int window)
    {
        if (measure is DistanceMeasure.Euclidean) return search.Euclidean(query);
        var bound = search.Sort(query);
        return search.Warped(query, window, bound, leftOut: -1, [], []);
    }
}
