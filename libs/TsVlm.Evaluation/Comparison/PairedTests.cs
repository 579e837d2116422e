using TsVlm.Evaluation.Results;

namespace TsVlm.Evaluation.Comparison;

/// <summary>
/// Each measured classifier against the reference on each data set, run by run on the same test cases. All are judged together, since a
/// reader picks the largest differences among them.
/// </summary>
public sealed class PairedTests
{
    private PairedTests(IReadOnlyList<PairedRuns> all) => All = all;

    /// <summary>No predictions are known.</summary>
    public static PairedTests None { get; } = new([]);

    /// <summary>Every pair, in the order of data sets, ranks, resamples and seeds.</summary>
    public IReadOnlyList<PairedRuns> All { get; }

    /// <summary>The pairs of a classifier and the reference on a data set.</summary>
    public IReadOnlyList<PairedDifference> this[ComparedDataset dataset, ComparedClassifier classifier] =>
        [.. All.Where(p => p.Dataset == dataset && p.Classifier == classifier).Select(p => p.Difference)];

    /// <summary>Tests the runs whose folders lie beside their results.csv.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="results">Folders of <c>tsvlm run</c>, or results.csv files in them.</param>
    /// <exception cref="TsVlm.Data.DataException">A predictions.csv is not as expected.</exception>
    public static PairedTests Of(RankComparison comparison, IEnumerable<string> results)
    {
        var outcomes = new Dictionary<(string Dataset, ComparedClassifier), List<(ResultRow Row, TestOutcomes Outcomes)>>();
        // A file's rows are let go before the next is read.
        foreach (var (classifier, row, outcome) in RunPredictions.Of(comparison.Table, results)
            .Select(run => (run.Classifier, run.Row, Outcomes: TestOutcomes.Of(run.Cases))).DistinctBy(run => run.Row)
            .OrderBy(run => (run.Row.Resample, run.Row.Seed)))
        {
            var key = (row.Dataset, classifier);
            if (!outcomes.TryGetValue(key, out var runs)) outcomes[key] = runs = [];
            runs.Add((row, outcome));
        }
        var pairs = (from dataset in comparison.Table.Complete
                     from ranked in comparison.Ranked
                     where ranked.Classifier != comparison.Reference
                     from first in outcomes.GetValueOrDefault((dataset.Name, ranked.Classifier)) ?? []
                     from second in outcomes.GetValueOrDefault((dataset.Name, comparison.Reference)) ?? []
                     where IsPair(comparison.Table, (ranked.Classifier, first.Row), (comparison.Reference, second.Row))
                     select (dataset, ranked.Classifier, First: first, Second: second)).ToList();
        var judged = PairedDifference.Judge([.. pairs.Select(p =>
            (p.First.Row.ExactAccuracy - p.Second.Row.ExactAccuracy, p.First.Outcomes.Against(p.Second.Outcomes)))]);
        return new([.. pairs.Zip(judged, (p, difference) => new PairedRuns(
            p.dataset, p.Classifier, p.First.Row.Resample, p.First.Row.Seed, p.Second.Row.Seed, difference))]);
    }

    /// <summary>Runs of one resample and seed; one without other seeds, such as a baseline that draws nothing, goes with each seed.</summary>
    private static bool IsPair(ScoreTable table, (ComparedClassifier, ResultRow Row) first, (ComparedClassifier, ResultRow Row) second)
    {
        if (first.Row.Resample != second.Row.Resample) return false;
        return first.Row.Seed == second.Row.Seed || IsOnly(first) || IsOnly(second);

        bool IsOnly((ComparedClassifier Classifier, ResultRow Row) run) => table.Runs.Count(r =>
            r.Classifier == run.Classifier && r.Row.Dataset == run.Row.Dataset && r.Row.Resample == run.Row.Resample) == 1;
    }
}

/// <summary>A run of a classifier and one of the reference on the same test cases.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Classifier">The classifier.</param>
/// <param name="Resample">Resample of both.</param>
/// <param name="Seed">Seed of the classifier's run.</param>
/// <param name="ReferenceSeed">Seed of the reference's run.</param>
/// <param name="Difference">The classifier against the reference.</param>
public sealed record PairedRuns(
    ComparedDataset Dataset, ComparedClassifier Classifier, int Resample, int Seed, int ReferenceSeed, PairedDifference Difference);
