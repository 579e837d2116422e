using System.Globalization;
using TsVlm.Contracts;
using TsVlm.Evaluation;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Pages.Report;

/// <summary>What the experiment shows, in words and with its uncertainty.</summary>
internal static class SummarySection
{
    public static HtmlText Markup(ScenarioComparison comparison)
    {
        var finished = comparison.Runs.Count(r => r.Result is not null);
        var failed = comparison.Runs.Count - finished;
        return $"""
            <section id="summary"><h2>Summary</h2>
            <div class="tiles">{Tile(comparison.NumDatasets, "data sets", "data set")}{Tile(comparison.Scenarios.Count, "scenarios", "scenario")}
            {Tile(comparison.Baselines.Count, "baselines", "baseline")}{Tile(finished, "runs finished", "run finished")}
            {Tile(failed, "runs failed", "run failed", failed > 0 ? "tile bad" : "tile")}
            <div class="tile"><b>{MetricText.Duration(comparison.Runs.Sum(r => r.Stages.Sum(s => s.Seconds)))}</b><span>in all stages</span></div></div>
            {Failures(comparison)}{(finished == 0 ? Nothing(comparison) : Findings(comparison))}{Warnings(comparison)}</section>

            """;
    }

    private static HtmlText Tile(int count, string plural, string singular, string style = "tile") =>
        $"""<div class="{style}"><b>{count}</b><span>{(count == 1 ? singular : plural)}</span></div>""";

    private static HtmlText Nothing(ScenarioComparison comparison) => comparison.Runs.Count == 0
        ? (HtmlText)$"<p class=\"lead\">The experiment holds no run, so there is nothing to report.</p>"
        : $"<p class=\"lead\">No run finished, so there are no metrics to report.</p>";

    private static HtmlText Failures(ScenarioComparison comparison)
    {
        var failed = comparison.Runs.Where(r => r.Failure is not null).ToList();
        if (failed.Count == 0) return HtmlText.Empty;
        return $"""
            <div class="failures" role="alert"><h3>{MetricText.Count(failed.Count, "run")} failed</h3>
            <p>Their metrics are missing below; every mean that would need them is left out.</p><ul>
            {failed.Select(HtmlText (r) => $"""
                <li><a href="#run-{r.Run.Id}"><b>{r.Run.Dataset.Name} · {comparison.LongLabel(r.Run)}</b></a>
                <span class="stage">{StageName(r.Failure!.Stage)}</span><span class="reason">{r.Failure.Reason}</span></li>
                """)}</ul></div>

            """;
    }

    private static HtmlText Findings(ScenarioComparison comparison) =>
        $"{Lead(comparison)}{BestTable.Markup(comparison)}{ImageTable.Markup(comparison)}";

    private static HtmlText Lead(ScenarioComparison comparison)
    {
        var groups = comparison.Groups.Where(g => g.BestScenario is not null).ToList();
        if (groups.Count == 0) return $"<p class=\"lead\">Only baselines finished: there is no scenario to compare them with.</p>";
        var sets = MetricText.Count(groups.Count, comparison.GroupNoun);
        var overMajority = groups.Where(g => !double.IsNaN(g.MajorityShare)).Count(g => BestTable.ToMajority(g).Verdict is Verdict.Better);
        var noise = groups.Select(g => g.BestScenario!.Result!).Select(r => Binomial.Noise(r.Accuracy, r.NumTest, r.Accuracy, r.NumTest))
            .ToList();
        var cases = groups.Select(g => g.BestScenario!.Result!.NumTest).ToList();
        var seeds = comparison.NumSeeds == 1 ? "one seed" : $"{comparison.NumSeeds} seeds";
        return $"""
            <p class="lead">On {sets}, the best scenario beats guessing the majority class on {overMajority}{AgainstBaselines(groups)}.</p>
            <p>How far to trust this: {seeds}, {Range(cases.Min(), cases.Max(), "0", "test case", "test cases")} a split. Two accuracies on the same split
            that differ by less than {Range(100 * noise.Min(), 100 * noise.Max(), "0.0", "point", "points")} (by the size of the split)
            may differ by chance alone;
            training again with another seed can move them further.
            The best of {MetricText.Count(comparison.Scenarios.Count, "scenario")}{(comparison.NumSeeds > 1 ? $" and {seeds}" : "")} is chosen here
            on the test cases themselves, which flatters it.</p>

            """;
    }

    private static HtmlText AgainstBaselines(IReadOnlyList<TestGroup> groups)
    {
        var verdicts = groups.Where(g => g.BestBaseline is not null).Select(g => BestTable.ToBaseline(g).Verdict).ToList();
        if (verdicts.Count == 0) return $"; no baseline finished to compare with";
        return $"""
            ; against the best baseline it is better on {verdicts.Count(v => v is Verdict.Better)},
            level within noise on {verdicts.Count(v => v is Verdict.WithinNoise)} and worse on {verdicts.Count(v => v is Verdict.Worse)}
            """;
    }

    private static HtmlText Range(double low, double high, string format, string singular, string plural)
    {
        var (from, to) = (low.ToString(format, CultureInfo.InvariantCulture), high.ToString(format, CultureInfo.InvariantCulture));
        return from == to ? (HtmlText)$"{from} {(from == "1" ? singular : plural)}" : $"{from} to {to} {plural}";
    }

    private static HtmlText Warnings(ScenarioComparison comparison)
    {
        var notes = comparison.Groups
            .Select(g => (g.Name, Notes: g.Runs.SelectMany(r => r.DatasetWarnings.Concat(r.SplitWarnings)).Distinct().ToList()))
            .Where(g => g.Notes.Count > 0).ToList();
        if (notes.Count == 0) return HtmlText.Empty;
        return $"""
            <details class="notes"><summary>What to know of the data ({MetricText.Count(notes.Sum(g => g.Notes.Count), "note")})</summary><dl>
            {notes.Select(HtmlText (g) => $"<dt>{g.Name}</dt>{g.Notes.Select(HtmlText (note) => $"<dd>{note}</dd>")}")}</dl></details>

            """;
    }

    internal static string StageName(Stage stage) => stage switch
    {
        Stage.Datagen => "data generation",
        Stage.Training => "training",
        _ => "evaluation",
    };
}
