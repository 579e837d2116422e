using TsVlm.Contracts;
using TsVlm.Evaluation;
using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Report;

/// <summary>Every fine-tuned run by arm, as the distance of its accuracy from the majority class of its test split.</summary>
internal static class ArmChart
{
    private const double Width = 760;
    private const double RowHeight = 40;

    public static HtmlText Markup(ScenarioComparison comparison)
    {
        var runs = (from g in comparison.Groups
                    where !double.IsNaN(g.MajorityShare)
                    from r in g.Finished
                    where r.Run.FineTuned is not null
                    select (Run: r, Arm: r.Run.FineTuned!.Scenario.Representation.Arm,
                        Gain: r.Result!.Accuracy - g.MajorityShare)).ToList();
        if (runs.Count == 0) return HtmlText.Empty;
        var arms = runs.Select(r => r.Arm).Distinct().Order().ToList();
        var low = Math.Min(-0.05, runs.Min(r => r.Gain) - 0.03);
        var high = Math.Max(0.05, runs.Max(r => r.Gain) + 0.03);
        var axis = new Axis(100 * low, 100 * high, false, AccuracySection.Gutter(arms.Select(ImageTable.ArmName)), Width - 62);
        var bottom = 10 + (RowHeight * arms.Count);
        return $"""
            <h3>By what the model is shown</h3>
            <p class="quiet">Each dot is one run, coloured by scenario; bars are means over the runs of the arm.
            Arms may hold different scenarios: the paired comparison is in <a href="#summary">the summary</a>.</p>
            <figure class="wide"><svg viewBox="0 0 {Width:0} {bottom + 38:0.#}" width="{Width:0}" role="img" aria-label="Accuracy minus majority class, by arm">
            {AccuracySection.Grid(axis, 10, bottom, "+0;−0;0")}<path class="zero" d="M{axis.At(0):0.#} 10V{bottom:0.#}"/>
            {arms.Select((arm, i) => Row(comparison, arm, [.. runs.Where(r => r.Arm == arm).Select(r => (r.Run, r.Gain))], axis, 10 + (RowHeight * (i + 0.5))))}
            <text class="axis" x="{(axis.From + axis.To) / 2:0.#}" y="{bottom + 33:0.#}"
            text-anchor="middle">accuracy minus majority class, percentage points</text></svg></figure>

            """;
    }

    private static HtmlText Row(ScenarioComparison comparison, Arm arm, IReadOnlyList<(ReportRun Run, double Gain)> runs, Axis axis,
        double y)
    {
        var mean = runs.Average(r => r.Gain);
        var tooltip = $"mean of {MetricText.Count(runs.Count, "run")}: {MetricText.Points(mean)} points";
        return $"""
            <text class="row" x="{axis.From - 10:0.#}" y="{y + 4:0.#}" text-anchor="end">{ImageTable.ArmName(arm)}</text>
            {runs.Select((r, i) => Dot(comparison, r.Run, r.Gain, axis, y + (((i % 5) - 2) * 4)))}
            <path class="mean" d="M{axis.At(100 * mean):0.#} {y - 15:0.#}V{y + 15:0.#}"><title>{tooltip}</title></path>
            <text class="value" x="{Width - 4:0}" y="{y + 4:0.#}" text-anchor="end">{MetricText.Points(mean)}</text>
            """;
    }

    private static HtmlText Dot(ScenarioComparison comparison, ReportRun run, double gain, Axis axis, double y) => $"""
        <g class="{comparison.Colour(run.Run)}"><title>{run.Run.Dataset.Name}, {comparison.LongLabel(run.Run)}: {MetricText.Points(gain)} points</title>
        <circle class="dot soft" cx="{axis.At(100 * gain):0.#}" cy="{y:0.#}" r="5"/></g>
        """;
}
