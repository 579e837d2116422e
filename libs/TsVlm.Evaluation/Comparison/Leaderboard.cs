using TsVlm.Contracts;

namespace TsVlm.Evaluation.Comparison;

/// <summary>
/// Scenarios and baselines by their mean rank over data sets; a place is comparable with those over the same data sets only.
/// </summary>
/// <param name="Protocol">How the data was split.</param>
/// <param name="NumDatasets">Data sets in all.</param>
/// <param name="Entries">The best first.</param>
public sealed record Leaderboard(string Protocol, int NumDatasets, IReadOnlyList<LeaderboardEntry> Entries)
{
    /// <summary>Ranks within each data set by accuracy, averaged over resamples and seeds; equals share the mean of their ranks.</summary>
    public static Leaderboard Of(string protocol, IReadOnlyList<RunResult> results)
    {
        var means = results.Where(result => result.Run.Split.Protocol == protocol)
            .GroupBy(result => (Entry: KeyOf(result.Run), result.Run.Dataset))
            .Select(group => (group.Key.Entry, group.Key.Dataset, Accuracy: group.Average(result => result.Accuracy),
                NumRuns: group.Count())).ToList();
        var ranked = means.GroupBy(mean => mean.Dataset).SelectMany(dataset => dataset
            .Select(mean => (mean.Entry, mean.Accuracy, mean.NumRuns, Rank: Rank(mean.Accuracy, dataset))));
        var entries = ranked.GroupBy(mean => mean.Entry)
            .Select(entry => new LeaderboardEntry(entry.Key.Scenario, entry.Key.Model, entry.Key.Settings,
                entry.Count(), entry.Sum(mean => mean.NumRuns), entry.Average(mean => mean.Accuracy), entry.Average(mean => mean.Rank)))
            .OrderBy(entry => entry.MeanRank).ThenByDescending(entry => entry.MeanAccuracy)
            .ThenBy(entry => entry.Scenario, StringComparer.Ordinal);
        return new(protocol, means.Select(mean => mean.Dataset).Distinct().Count(), [.. entries]);

        double Rank(double accuracy, IEnumerable<((string, string, string), DatasetReference, double Accuracy, int)> dataset)
        {
            var accuracies = dataset.Select(mean => mean.Accuracy).ToList();
            return 1 + accuracies.Count(other => other > accuracy) + (accuracies.Count(other => other == accuracy) - 1) / 2.0;
        }
    }

    /// <summary>Scenarios of one name but other settings are two.</summary>
    private static (string Scenario, string Model, string Settings) KeyOf(RunSpec run) =>
        (run.ScenarioName, run.FineTuned?.Model.Name ?? run.Baseline!, run.FineTuned?.Scenario.ContentHash[..8] ?? "");
}

/// <summary>A place on the leaderboard.</summary>
/// <param name="Scenario">The scenario's name, or <c>baseline:NAME</c>.</param>
/// <param name="Model">The model, or the baseline.</param>
/// <param name="Settings">Tells scenarios of one name apart by their settings; empty for a baseline.</param>
/// <param name="NumDatasets">Data sets it was evaluated on.</param>
/// <param name="NumRuns">Runs behind it.</param>
/// <param name="MeanAccuracy">Mean of its accuracies on the data sets.</param>
/// <param name="MeanRank">Mean of its ranks on the data sets; 1 is the best.</param>
public sealed record LeaderboardEntry(string Scenario, string Model, string Settings, int NumDatasets, int NumRuns, double MeanAccuracy,
    double MeanRank);
