using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Pages.Report;

/// <summary>What the experiment shows, in words and with its uncertainty.</summary>
public sealed partial class SummarySection
{
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
                <li><a href="{comparison.LinkOf(r.Run)}"><b>{r.Run.Dataset.Name} · {comparison.LongLabel(r.Run)}</b></a>
                <span class="stage">{StageNames.Of(r.Failure!.Stage)}</span><span class="reason">{r.Failure.Reason}</span></li>
                """)}</ul></div>

            """;
    }

    private static HtmlText Answers(ScenarioComparison comparison) =>
        $"{Lead(comparison)}{BestTable.Markup(comparison)}{ImageTable.Markup(comparison)}";

    private static HtmlText Lead(ScenarioComparison comparison)
    {
        var groups = comparison.Groups.Where(g => g.BestScenario is not null).ToList();
        if (groups.Count == 0) return $"<p class=\"lead\">Only baselines finished: there is no scenario to compare them with.</p>";
        var sets = MetricText.Count(groups.Count, comparison.GroupNoun);
        var overMajority = Findings.ToMajority(groups).Values.Count(d => d.Verdict is Verdict.Better);
        var cases = groups.Select(g => g.BestScenario!.Result!.NumTest).ToList();
        var seeds = comparison.NumSeeds == 1 ? "one seed" : $"{comparison.NumSeeds} seeds";
        return $"""
            <p class="lead">On {sets}, the best scenario is significantly better than guessing the majority class on {overMajority}{AgainstBaselines(groups)}.</p>
            <p>How far to trust this: {seeds}, {Range(cases.Min(), cases.Max(), "test case", "test cases")} a split. Two runs on the same split are judged by
            McNemar’s exact test of their predictions, with Holm’s correction over each table, at the level {McNemarTest.Level:0.00}; not shown is not equal.
            The test speaks for other test cases, not for other seeds: training again can move accuracies further.
            The best of {MetricText.Count(comparison.Scenarios.Count, "scenario")}{(comparison.NumSeeds > 1 ? $" and {seeds}" : "")} is chosen here
            on the test cases themselves, which flatters it.</p>

            """;
    }

    private static HtmlText AgainstBaselines(IReadOnlyList<TestGroup> groups)
    {
        var verdicts = Findings.ToBaseline(groups).Values.Select(d => d.Verdict).ToList();
        if (verdicts.Count == 0) return $"; no baseline finished to compare with";
        return $"""
            ; against the best baseline it is significantly better on {verdicts.Count(v => v is Verdict.Better)},
            worse on {verdicts.Count(v => v is Verdict.Worse)}, and a difference is not shown on {verdicts.Count(v => v is Verdict.NotShown)}
            """;
    }

    private static string Range(int low, int high, string singular, string plural) =>
        low == high ? MetricText.Count(low, singular) : FormattableString.Invariant($"{low} to {high} {plural}");

    private static HtmlText Warnings(ScenarioComparison comparison)
    {
        var notes = comparison.Groups
            .Select(g => (g.Name, Notes: g.Runs.SelectMany(r => r.DatasetWarnings).Concat(SplitWarnings(g)).Distinct().ToList()))
            .Where(g => g.Notes.Count > 0).ToList();
        if (notes.Count == 0) return HtmlText.Empty;
        return $"""
            <details class="notes"><summary>What to know of the data ({MetricText.Count(notes.Sum(g => g.Notes.Count), "note")})</summary><dl>
            {notes.Select(HtmlText (g) => $"<dt>{g.Name}</dt>{g.Notes.Select(HtmlText (note) => $"<dd>{note}</dd>")}")}</dl></details>

            """;
    }

    /// <summary>All runs have one split; that of a scenario knows its validation part, too.</summary>
    private static IEnumerable<string> SplitWarnings(TestGroup group) =>
        group.Runs.OrderBy(r => r.Run.Baseline is not null).Select(r => r.SplitWarnings).FirstOrDefault(w => w.Count > 0) ?? [];
}
