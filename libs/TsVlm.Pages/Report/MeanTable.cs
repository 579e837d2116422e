using TsVlm.Contracts;
using TsVlm.Evaluation;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Pages.Report;

/// <summary>
/// Means over the data sets by scenario; only a scenario that finished everywhere has one, so that all are means of the same thing.
/// </summary>
internal static class MeanTable
{
    private sealed record Means(string Label, bool IsBaseline, int NumGroups, IReadOnlyList<double> Metrics, double Rank, double Seconds);

    public static HtmlText Markup(ScenarioComparison comparison)
    {
        if (comparison.Groups.Count < 2) return HtmlText.Empty;
        var rows = comparison.Scenarios.Concat(comparison.Baselines).Select(label => Of(comparison, label)).ToList();
        var complete = rows.Where(r => r.NumGroups == comparison.Groups.Count).ToList();
        var best = MetricColumn.All.Select((c, i) => c.Best(complete.Select(r => r.Metrics[i]))).ToList();
        return $"""
            <h3>Means over {comparison.Groups.Count} {comparison.GroupNoun}s</h3>
            <p class="quiet">Unweighted; the rank is by accuracy among the {rows.Count} scenarios and baselines, 1 is best, ties share their mean rank.
            Who lacks one of them has no mean. Time is the sum of training and evaluation.</p>
            <div class="scroll"><table class="sortable"><thead><tr><th scope="col">Scenario</th>{MetricColumn.All.Select(c => c.Head())}
            <th scope="col" class="n">Mean rank <span class="quiet" title="lower is better">↓</span></th><th scope="col"
            class="n">Time, s</th></tr></thead><tbody>
            {rows.Select(r => Row(comparison, r, best))}</tbody></table></div>

            """;
    }

    private static HtmlText Row(ScenarioComparison comparison, Means row, IReadOnlyList<string?> best) => $"""
        <tr{(row.IsBaseline ? $" class=\"baseline\"" : HtmlText.Empty)}><th scope="row"><i class="chip {comparison.ColourOf(row.Label)}"></i>{row.Label}</th>
        {(row.NumGroups < comparison.Groups.Count ? Incomplete(comparison, row) : Complete(row, best))}</tr>

        """;

    private static HtmlText Complete(Means row, IReadOnlyList<string?> best) => $"""
        {row.Metrics.Zip(best, MetricColumn.Cell)}<td class="n">{row.Rank:0.00}</td><td class="n">{MetricText.Seconds(row.Seconds)}</td>
        """;

    private static HtmlText Incomplete(ScenarioComparison comparison, Means row) =>
        $"""<td class="quiet" colspan="8">no mean: finished on {row.NumGroups} of {comparison.Groups.Count} {comparison.GroupNoun}s</td>""";

    private static Means Of(ScenarioComparison comparison, string label)
    {
        // Several seeds on one split count as one data set: their mean.
        var groups = comparison.Groups.Where(g => IsComplete(comparison, g, label)).ToList();
        return new(
            label,
            comparison.Baselines.Contains(label),
            groups.Count,
            [.. MetricColumn.All.Select(c => Mean(groups, g => Results(comparison, g, label).Average(c.Of)))],
            Mean(groups, g => Rank(comparison, g, label)),
            groups.Sum(g => Results(comparison, g, label).Sum(r => r.TrainSeconds + r.EvalSeconds)));
    }

    /// <summary>Whether the label ran on the group and none of its runs failed.</summary>
    private static bool IsComplete(ScenarioComparison comparison, TestGroup group, string label) =>
        group.Runs.Where(r => comparison.Label(r.Run) == label).ToList() is { Count: > 0 } runs
        && runs.TrueForAll(r => r.Result is not null);

    private static double Rank(ScenarioComparison comparison, TestGroup group, string label)
    {
        var means = group.Finished.GroupBy(r => comparison.Label(r.Run))
            .Select(g => (Label: g.Key, Accuracy: g.Average(r => r.Result!.Accuracy))).ToList();
        return Ranks.Descending([.. means.Select(m => m.Accuracy)])[means.FindIndex(m => m.Label == label)];
    }

    private static double Mean(List<TestGroup> groups, Func<TestGroup, double> metric) =>
        groups.Count == 0 ? double.NaN : groups.Average(metric);

    private static IEnumerable<RunResult> Results(ScenarioComparison comparison, TestGroup group, string label) =>
        group.Finished.Where(r => comparison.Label(r.Run) == label).Select(r => r.Result!);
}
