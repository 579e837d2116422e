using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Comparison;

/// <summary>Ranks scenarios and baselines over data sets.</summary>
public static class LeaderboardRanking
{
    /// <summary>Ranks within each data set by accuracy, averaged over resamples and seeds; equals share the mean of their ranks.</summary>
    public static Leaderboard Of(string protocol, IReadOnlyList<RunResult> results)
    {
        var means = results.Where(result => result.Run.Split.Protocol == protocol)
            .GroupBy(result => (Entry: KeyOf(result.Run), result.Run.Dataset))
            .Select(group => (group.Key.Entry, group.Key.Dataset, Accuracy: group.Average(result => result.Accuracy),
                NumRuns: group.Count())).ToList();
        var ranked = means.GroupBy(mean => mean.Dataset).SelectMany(dataset => dataset.Zip(
            Ranks.Descending([.. dataset.Select(mean => mean.Accuracy)]),
            (mean, rank) => (mean.Entry, mean.Accuracy, mean.NumRuns, Rank: rank)));
        var entries = ranked.GroupBy(mean => mean.Entry)
            .Select(entry => new LeaderboardEntry(entry.Key.Scenario, entry.Key.Model, entry.Key.Settings,
                entry.Count(), entry.Sum(mean => mean.NumRuns), entry.Average(mean => mean.Accuracy), entry.Average(mean => mean.Rank)))
            .OrderBy(entry => entry.MeanRank).ThenByDescending(entry => entry.MeanAccuracy)
            .ThenBy(entry => entry.Scenario, StringComparer.Ordinal);
        List<LeaderboardEntry> all = [.. entries];
        return new(protocol, means.Select(mean => mean.Dataset).Distinct().Count(), all.Count, 0, all);
    }

    /// <summary>Scenarios of one name but other settings are two.</summary>
    private static (string Scenario, string Model, string Settings) KeyOf(RunSpec run) =>
        (run.ScenarioName, run.FineTuned?.Model.Name ?? run.Baseline!, run.FineTuned?.Scenario.ContentHash[..8] ?? "");
}
