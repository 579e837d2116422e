using TsVlm.Contracts;
using TsVlm.Evaluation;
using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Report;

/// <summary>
/// Scenarios with rationales beside the same without: which one validation selects, and whether answers follow the rationales. Nothing
/// where there are none.
/// </summary>
public sealed partial class RationaleSection
{
    /// <summary>What leads to the section from the top of the page; nothing where there is no such section.</summary>
    public static HtmlText Link(ScenarioComparison comparison) =>
        GroupsOf(comparison).Count > 0 ? (HtmlText)$"<a href=\"#rationales\">Rationales</a>\n" : HtmlText.Empty;

    private static HtmlText Group(ScenarioComparison comparison, string name, IReadOnlyList<IReadOnlyList<ReportRun>> families) => $"""
        <tbody><tr class="group"><th scope="rowgroup" colspan="10">{name}</th></tr>
        {families.Select(HtmlText (family) => $"{family.Select(run => Row(comparison, run, isSelected: run == Selected(family)))}")}</tbody>
        """;

    /// <summary>Lowest loss on the validation split: that of the weights that were kept; null where there was none.</summary>
    internal static double? ValidationLoss(ReportRun run) => run.TrainingLog.Min(row => row.ValidationLoss);

    /// <summary>The run that validation selects among comparable ones; null where none was validated.</summary>
    internal static ReportRun? Selected(IReadOnlyList<ReportRun> family) =>
        family.Where(run => ValidationLoss(run) is not null).MinBy(ValidationLoss);

    /// <summary>
    /// Runs of one data set, split, seed and model whose scenarios are the same but for their rationales; those alone in which one has
    /// rationales.
    /// </summary>
    internal static IReadOnlyList<IReadOnlyList<ReportRun>> Families(TestGroup group) =>
    [
        .. group.Finished.Where(run => run.Run.FineTuned is not null).GroupBy(Content).Select(family => family.ToList())
            .Where(family => family.Any(run => Of(run) is not null)),
    ];

    private static List<(string Name, IReadOnlyList<IReadOnlyList<ReportRun>> Families)> GroupsOf(ScenarioComparison comparison) =>
        [.. comparison.Groups.Select(g => (g.Name, Families: Families(g))).Where(g => g.Families.Count > 0)];

    private static RationaleSettings? Of(ReportRun run) => run.Run.FineTuned!.Scenario.Representation.Rationale;

    private static (int Seed, string Model, string Scenario) Content(ReportRun run)
    {
        var (scenario, model) = run.Run.FineTuned!;
        return (run.Run.Seed,
            model.ContentHash, (scenario with { Representation = scenario.Representation with { Rationale = null } }).ContentHash);
    }

    private static HtmlText Row(ScenarioComparison comparison, ReportRun run, bool isSelected)
    {
        var (rationale, recipe, swap) = (Of(run), run.Run.FineTuned!.Scenario.Recipe, run.Metrics?.RationaleSwap);
        return $"""
            <tr><th scope="row"><a href="{comparison.LinkOf(run.Run)}"><i class="chip {comparison.Colour(run.Run)}"></i>{comparison.LongLabel(run.Run)}</a></th>
            <td>{rationale?.Order switch { null => "no rationale", RationaleOrder.AnswerFirst => "answer first", _ => "rationale first" }}</td>
            <td class="n">{(rationale is null ? "" : FormattableString.Invariant($"{recipe.RationaleWeight ?? 1:0.##}"))}</td>
            <td class="n">{(rationale is null ? "" : MetricText.Percent(recipe.RationaleDropout))}</td>
            <td>{rationale switch { null => "", { IsOfFile: true } => $"file {rationale.Source[..8]}", _ => rationale.Source }}</td>
            <td class="n">{(ValidationLoss(run) is { } loss ? MetricText.Score(loss) : MetricText.Undefined)}{(isSelected ? " ◆" : "")}</td>
            <td class="n">{MetricText.Score(run.Result!.Accuracy)}</td>
            <td class="n">{(swap is null ? "" : MetricText.Percent(swap.Flipped))}</td><td class="n">{(swap is null ? "" : MetricText.Percent(swap.Followed))}</td>
            <td class="n">{(swap is null ? "" : $"{swap.NumCases}")}</td></tr>

            """;
    }
}
