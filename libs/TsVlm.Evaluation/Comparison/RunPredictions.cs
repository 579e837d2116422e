using TsVlm.Artifacts;
using TsVlm.Data;
using TsVlm.Data.Readers;
using TsVlm.Evaluation.Results;

namespace TsVlm.Evaluation.Comparison;

/// <summary>Predictions of a compared run, from its folder beside the results.</summary>
/// <param name="Classifier">The classifier.</param>
/// <param name="Row">Its row of results.csv.</param>
/// <param name="Cases">Rows of its predictions.csv.</param>
internal sealed record RunPredictions(ComparedClassifier Classifier, ResultRow Row, IReadOnlyList<CsvRow> Cases)
{
    /// <summary>The predictions of every compared run whose folder lies beside its results.csv, read one by one.</summary>
    /// <param name="table">The comparison.</param>
    /// <param name="results">Folders of <c>tsvlm run</c>, or results.csv files in them.</param>
    /// <exception cref="DataException">A predictions.csv is not as expected.</exception>
    public static IEnumerable<RunPredictions> Of(ScoreTable table, IEnumerable<string> results)
    {
        var byKey = table.Runs.ToDictionary(r => (r.Row.Dataset, r.Row.Protocol, r.Row.Resample, r.Row.Seed, r.Row.Scenario, r.Row.Model));
        foreach (var path in results.SelectMany(RunFolders))
        {
            var run = Json.Read<RunCard>(Path.Combine(path, RunCard.FileName)).Run;
            var key = (run.Dataset.Name, run.Split.Protocol, run.Split.Resample, run.Seed, run.ScenarioName, run.FineTuned?.Model.Name
                ?? run.Baseline!);
            if (!byKey.TryGetValue(key, out var found)) continue;
            var cases = CsvTable.Read(Path.Combine(path, "predictions.csv"), "index", "label", "prediction");
            // The folder may hold runs of an earlier experiment under the same names; theirs are other predictions.
            if (Math.Abs(TestOutcomes.Of(cases).Accuracy - found.Row.Accuracy) > 1e-6) continue;
            yield return new(found.Classifier, found.Row, cases);
        }
    }

    private static IEnumerable<string> RunFolders(string results)
    {
        var runs = Path.Combine(Directory.Exists(results) ? results : Path.GetDirectoryName(Path.GetFullPath(results))!, "runs");
        if (!Directory.Exists(runs)) return [];
        return Directory.GetDirectories(runs).Order(StringComparer.Ordinal)
            .Where(run => File.Exists(Path.Combine(run, RunCard.FileName)) && File.Exists(Path.Combine(run, "predictions.csv")));
    }
}
