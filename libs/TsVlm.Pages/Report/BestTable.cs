using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Pages.Report;

/// <summary>The best scenario of each test split against the majority class and the best baseline.</summary>
internal static class BestTable
{
    public static HtmlText Markup(ScenarioComparison comparison)
    {
        var groups = comparison.Groups.Where(g => g.BestScenario is not null).ToList();
        if (groups.Count == 0) return HtmlText.Empty;
        var (toMajority, toBaseline) = (Findings.ToMajority(groups), Findings.ToBaseline(groups));
        return $"""
            <h3>Best scenario on each data set</h3>
            <p class="quiet">Beside each verdict: test cases that the scenario alone has right, and that the other alone has right, with McNemar’s exact P after
            Holm’s correction over the column.</p>
            <div class="scroll"><table class="sortable"><thead><tr><th scope="col">Data set</th><th scope="col">Best scenario</th><th scope="col"
            class="n">Accuracy</th>
            <th scope="col" class="n" title="Standard error, sqrt(p(1-p)/n), in points">± SE</th><th scope="col" class="n">Majority class</th>
            <th scope="col">against it</th>
            <th scope="col">Best baseline</th><th scope="col" class="n">Accuracy</th><th scope="col">against it</th></tr></thead><tbody>
            {groups.Select(g => Row(comparison, g, toMajority, toBaseline))}</tbody></table></div>

            """;
    }

    private static HtmlText Row(ScenarioComparison comparison, TestGroup group, IReadOnlyDictionary<TestGroup, PairedDifference> toMajority,
        IReadOnlyDictionary<TestGroup, PairedDifference> toBaseline)
    {
        var best = group.BestScenario!;
        var result = best.Result!;
        return $"""
            <tr><th scope="row">{group.Name}</th>
            <td><a href="{comparison.LinkOf(best.Run)}"><i class="chip {comparison.Colour(best.Run)}"></i>{comparison.LongLabel(best.Run)}</a></td>
            <td class="n">{MetricText.Score(result.Accuracy)}</td><td class="n">{100 * Binomial.StandardError(result.Accuracy, result.NumTest):0.0}</td>
            <td class="n">{MetricText.Score(group.MajorityShare)}</td>{Cell(toMajority, group)}
            {Baseline(comparison, group, toBaseline)}</tr>

            """;
    }

    private static HtmlText Baseline(ScenarioComparison comparison, TestGroup group,
        IReadOnlyDictionary<TestGroup, PairedDifference> differences) => group.BestBaseline is { } baseline
        ? (HtmlText)$"""
            <td><a href="{comparison.LinkOf(baseline.Run)}">{comparison.Label(baseline.Run)}</a></td>
            <td class="n">{MetricText.Score(baseline.Result!.Accuracy)}</td>{Cell(differences, group)}
            """
        : $"""<td>none finished</td><td class="n">{MetricText.Undefined}</td>{NoCell}""";

    private static HtmlText Cell(IReadOnlyDictionary<TestGroup, PairedDifference> differences, TestGroup group) =>
        differences.TryGetValue(group, out var difference) ? VerdictCell.Markup(difference) : NoCell;

    private static HtmlText NoCell => $"<td>{MetricText.Undefined}</td>";
}
