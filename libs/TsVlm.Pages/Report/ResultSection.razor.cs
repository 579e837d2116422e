using TsVlm.Contracts;
using TsVlm.Evaluation;
using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Report;

/// <summary>The result tables: means by scenario, then every run by data set.</summary>
public sealed partial class ResultSection
{
    private static HtmlText Tables(ScenarioComparison comparison) => $"{MeanTable.Markup(comparison)}{RunTable(comparison)}";

    private static HtmlText RunTable(ScenarioComparison comparison) => $"""
        <h3>Every run</h3>
        <p class="quiet">★ best on the data set at the precision shown; ties are all marked.
        Arrows tell which way is better. Definitions are in <a href="{comparison.GlossaryLink}">the glossary</a>.</p>
        <p class="tools" hidden="hidden"><label>Filter <input type="search" id="filter" placeholder="data set or scenario"/></label></p>
        <div class="scroll"><table class="sortable results" id="result-table"><thead><tr><th scope="col">Scenario</th>{MetricColumn.All.Select(c => c.Head())}
        <th scope="col" class="n">Train, s</th><th scope="col" class="n">Eval, s</th><th scope="col" class="n">Samples/s</th><th scope="col"
        class="n">Peak RSS, MB</th></tr></thead>
        {comparison.Groups.Select(g => Group(comparison, g))}</table></div>

        """;

    private static HtmlText Group(ScenarioComparison comparison, TestGroup group)
    {
        var best = MetricColumn.All.Select(c => c.Best(group.Finished.Select(r => r.Result!))).ToList();
        return $"""
            <tbody><tr class="group"><th scope="rowgroup" colspan="11">{group.Name}{Sizes(group)}</th></tr>
            {group.Runs.Select(r => r.Result is { } result ? Row(comparison, r, result, best) : Failed(comparison, r))}
            {(double.IsNaN(group.MajorityShare) ? HtmlText.Empty : Majority(group))}</tbody>

            """;
    }

    private static HtmlText Sizes(TestGroup group) => group.Finished is [{ Result: { } result }, ..]
        ? $"<span>{result.NumTrain} training, {result.NumTest} test cases, {result.NumClasses} classes</span>"
        : HtmlText.Empty;

    private static HtmlText Row(ScenarioComparison comparison, ReportRun run, RunResult result, IReadOnlyList<string?> best) => $"""
        <tr{(run.Run.Baseline is null ? HtmlText.Empty : $" class=\"baseline\"")}>{Name(comparison, run)}
        {MetricColumn.All.Zip(best, (c, b) => c.Cell(result, b))}
        <td class="n">{Cost(result.TrainSeconds)}</td><td class="n">{MetricText.Seconds(result.EvalSeconds)}</td>
        <td class="n">{MetricText.Rate(result.TrainSamplesPerSecond)}</td><td class="n">{MetricText.Megabytes(result.PeakRssMb)}</td></tr>

        """;

    private static HtmlText Failed(ScenarioComparison comparison, ReportRun run) => $"""
        <tr class="failed">{Name(comparison, run)}
        <td colspan="10"><b>failed</b> in {StageNames.Of(run.Failure!.Stage)}: {run.Failure.Reason}</td></tr>

        """;

    private static HtmlText Name(ScenarioComparison comparison, ReportRun run) => $"""
        <th scope="row"><a href="{comparison.LinkOf(run.Run)}"><i class="chip {comparison.Colour(run.Run)}"></i>{comparison.LongLabel(run.Run)}</a></th>
        """;

    private static HtmlText Majority(TestGroup group) => $"""
        <tr class="reference fixed"><th scope="row">majority class</th><td class="n">{MetricText.Score(group.MajorityShare)}</td><td colspan="9"></td></tr>
        """;

    private static string Cost(double seconds) => seconds == 0 ? MetricText.Undefined : MetricText.Seconds(seconds);
}
