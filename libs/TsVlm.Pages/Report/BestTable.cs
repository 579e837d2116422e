using TsVlm.Evaluation;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Pages.Report;

/// <summary>The best scenario of each test split against the majority class and the best baseline.</summary>
internal static class BestTable
{
    public static Difference ToMajority(TestGroup group) => Difference.ToShare(group.BestScenario!.Result!, group.MajorityShare);

    public static Difference ToBaseline(TestGroup group) => Difference.Between(group.BestScenario!.Result!, group.BestBaseline!.Result!);

    public static HtmlText Markup(ScenarioComparison comparison)
    {
        var groups = comparison.Groups.Where(g => g.BestScenario is not null).ToList();
        if (groups.Count == 0) return HtmlText.Empty;
        return $"""
            <h3>Best scenario on each data set</h3>
            <div class="scroll"><table class="sortable"><thead><tr><th scope="col">Data set</th><th scope="col">Best scenario</th><th scope="col"
            class="n">Accuracy</th>
            <th scope="col" class="n" title="Standard error, sqrt(p(1-p)/n), in points">± SE</th><th scope="col" class="n">Majority class</th>
            <th scope="col">against it</th>
            <th scope="col">Best baseline</th><th scope="col" class="n">Accuracy</th><th scope="col">against it</th></tr></thead><tbody>
            {groups.Select(g => Row(comparison, g))}</tbody></table></div>

            """;
    }

    /// <summary>A difference with its verdict, told by sign, word and colour.</summary>
    public static HtmlText Cell(Difference difference)
    {
        var (style, mark, word) = difference.Verdict switch
        {
            Verdict.Better => ("better", "▲", "better"),
            Verdict.Worse => ("worse", "▼", "worse"),
            _ => ("level", "≈", "within noise"),
        };
        return $"""
            <td class="verdict {style}" data-v="{difference.Points:R}" title="Chance alone may make {100 * difference.Noise:0.0} points">
            <span>{mark} {MetricText.Points(difference.Points)}</span> {word}</td>
            """;
    }

    private static HtmlText Row(ScenarioComparison comparison, TestGroup group)
    {
        var best = group.BestScenario!;
        var result = best.Result!;
        return $"""
            <tr><th scope="row">{group.Name}</th>
            <td><a href="#run-{best.Run.Id}"><i class="chip {comparison.Colour(best.Run)}"></i>{comparison.LongLabel(best.Run)}</a></td>
            <td class="n">{MetricText.Score(result.Accuracy)}</td><td class="n">{100 * Binomial.StandardError(result.Accuracy, result.NumTest):0.0}</td>
            <td class="n">{MetricText.Score(group.MajorityShare)}</td>{(double.IsNaN(group.MajorityShare) ? NoCell : Cell(ToMajority(group)))}
            {Baseline(comparison, group)}</tr>

            """;
    }

    private static HtmlText Baseline(ScenarioComparison comparison, TestGroup group) => group.BestBaseline is { } baseline
        ? (HtmlText)$"""
            <td><a href="#run-{baseline.Run.Id}">{comparison.Label(baseline.Run)}</a></td>
            <td class="n">{MetricText.Score(baseline.Result!.Accuracy)}</td>{Cell(ToBaseline(group))}
            """
        : $"""<td>none finished</td><td class="n">{MetricText.Undefined}</td>{NoCell}""";

    private static HtmlText NoCell => $"<td>{MetricText.Undefined}</td>";
}
