using TsVlm.Contracts;

namespace TsVlm.Evaluator;

/// <summary>The result tables: means by scenario, then every run by data set.</summary>
internal static class ResultSection
{
    public static HtmlText Markup(Comparison comparison) => $"""
        <section id="results"><h2>Results</h2>{(comparison.Runs.Count == 0 ? $"<p>No runs.</p>" : Tables(comparison))}</section>

        """;

    private static HtmlText Tables(Comparison comparison) => $"{MeanTable.Markup(comparison)}{RunTable(comparison)}";

    private static HtmlText RunTable(Comparison comparison) => $"""
        <h3>Every run</h3>
        <p class="quiet">★ best on the data set at the precision shown; ties are all marked.
        Arrows tell which way is better. Definitions are in <a href="#glossary">the glossary</a>.</p>
        <p class="tools" hidden="hidden"><label>Filter <input type="search" id="filter" placeholder="data set or scenario"/></label></p>
        <div class="scroll"><table class="sortable results" id="result-table"><thead><tr><th scope="col">Scenario</th>{FigureColumn.All.Select(c => c.Head())}
        <th scope="col" class="n">Train, s</th><th scope="col" class="n">Eval, s</th><th scope="col" class="n">Samples/s</th><th scope="col"
        class="n">Peak RSS, MB</th></tr></thead>
        {comparison.Groups.Select(g => Group(comparison, g))}</table></div>

        """;

    private static HtmlText Group(Comparison comparison, TestGroup group)
    {
        var best = FigureColumn.All.Select(c => c.Best(group.Finished.Select(r => r.Result!))).ToList();
        return $"""
            <tbody><tr class="group"><th scope="rowgroup" colspan="11">{group.Name}{Sizes(group)}</th></tr>
            {group.Runs.Select(r => r.Result is { } result ? Row(comparison, r, result, best) : Failed(comparison, r))}
            {(double.IsNaN(group.MajorityShare) ? HtmlText.Empty : Majority(group))}</tbody>

            """;
    }

    private static HtmlText Sizes(TestGroup group) => group.Finished is [{ Result: { } result }, ..]
        ? $"<span>{result.NumTrain} training, {result.NumTest} test cases, {result.NumClasses} classes</span>"
        : HtmlText.Empty;

    private static HtmlText Row(Comparison comparison, ReportRun run, RunResult result, IReadOnlyList<string?> best) => $"""
        <tr{(run.Run.Baseline is null ? HtmlText.Empty : $" class=\"baseline\"")}>{Name(comparison, run)}
        {FigureColumn.All.Zip(best, (c, b) => c.Cell(result, b))}
        <td class="n">{Cost(result.TrainSeconds)}</td><td class="n">{FigureText.Seconds(result.EvalSeconds)}</td>
        <td class="n">{FigureText.Rate(result.TrainSamplesPerSecond)}</td><td class="n">{FigureText.Megabytes(result.PeakRssMb)}</td></tr>

        """;

    private static HtmlText Failed(Comparison comparison, ReportRun run) => $"""
        <tr class="failed">{Name(comparison, run)}
        <td colspan="10"><b>failed</b> in {SummarySection.StageName(run.Failure!.Stage)}: {run.Failure.Reason}</td></tr>

        """;

    private static HtmlText Name(Comparison comparison, ReportRun run) => $"""
        <th scope="row"><a href="#run-{run.Run.Id}"><i class="chip {comparison.Colour(run.Run)}"></i>{comparison.LongLabel(run.Run)}</a></th>
        """;

    private static HtmlText Majority(TestGroup group) => $"""
        <tr class="reference fixed"><th scope="row">majority class</th><td class="n">{FigureText.Score(group.MajorityShare)}</td><td colspan="9"></td></tr>
        """;

    private static string Cost(double seconds) => seconds == 0 ? FigureText.Undefined : FigureText.Seconds(seconds);
}
