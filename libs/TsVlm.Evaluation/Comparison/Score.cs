using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Comparison;

/// <summary>What a classifier reached on a data set, over all runs that are compared.</summary>
public sealed record Score
{
    /// <summary>Mean accuracy, of whole numbers of test cases, with its interval.</summary>
    public required MeanInterval Accuracy { get; init; }

    /// <summary>Mean accuracy of each resample over its seeds, by its number.</summary>
    public required IReadOnlyDictionary<int, double> ByResample { get; init; }

    /// <summary>Means of the other results by the name of their column; NaN where a run has none.</summary>
    public IReadOnlyDictionary<string, double> Others { get; init; } = new Dictionary<string, double>();

    /// <summary>Runs behind it.</summary>
    public required int NumRuns { get; init; }

    /// <summary>Mean wall-clock seconds of training and predicting; NaN where they are not known, as for published results.</summary>
    public double Seconds { get; init; } = double.NaN;

    /// <summary>The score of the runs of one classifier on one data set.</summary>
    /// <param name="runs">At least one.</param>
    public static Score Of(IReadOnlyList<ResultRow> runs)
    {
        var resamples = runs.GroupBy(r => r.Resample).OrderBy(g => g.Key).ToList();
        return new()
        {
            Accuracy = MeanInterval.Of([.. resamples.Select(g => (IReadOnlyList<double>)[.. g.Select(r => r.ExactAccuracy)])],
                runs[0].NumTrain, runs[0].NumTest),
            ByResample = resamples.ToDictionary(g => g.Key, g => g.Average(r => r.ExactAccuracy)),
            Others = runs[0].Others.Keys.ToDictionary(column => column, column => resamples.Average(g => g.Average(r => r.Others[column]))),
            NumRuns = runs.Count,
            Seconds = runs.Average(r => r.Seconds),
        };
    }

    /// <summary>The score of a published result.</summary>
    /// <param name="result">As published.</param>
    /// <param name="numTest">Test cases of the data set it was measured on.</param>
    public static Score Of(PublishedAccuracy result, int numTest)
    {
        var share = result.Exact(numTest);
        return new()
        {
            Accuracy = MeanInterval.OfShare(share, numTest),
            ByResample = new Dictionary<int, double> { [0] = share },
            NumRuns = 1,
        };
    }
}
