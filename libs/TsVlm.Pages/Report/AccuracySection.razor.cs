using System.Globalization;
using TsVlm.Evaluation;
using TsVlm.Evaluation.Results;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Pages.Report;

/// <summary>Accuracy with its uncertainty: a dot plot for each data set, and all runs by arm.</summary>
public sealed partial class AccuracySection
{
    private const double Width = 560;
    private const double RowHeight = 24;
    private const double RunOffset = 14;

    private static HtmlText Charts(ScenarioComparison comparison, IReadOnlyList<TestGroup> groups) => $"""
        <p class="quiet">Dots are accuracies on the test split, whiskers their 95% interval (Wilson). Diamonds are baselines.
        The dashed line is what constantly answering the most frequent class would reach.</p>
        <div class="panels">{groups.Select(g => Panel(comparison, g))}</div>
        {ArmChart.Markup(comparison)}

        """;

    private static HtmlText Panel(ScenarioComparison comparison, TestGroup group)
    {
        var rows = group.Runs.GroupBy(r => comparison.Label(r.Run)).ToList();
        var gutter = Gutter(rows.Select(r => r.Key));
        var axis = Axis.Share(gutter, Width - 62);
        var heights = rows.Select(r => RowHeight + (RunOffset * (r.Count() - 1))).ToList();
        var bottom = 22 + heights.Sum();
        var tops = heights.Select((_, i) => 22 + heights.Take(i).Sum()).ToList();
        return $"""
            <figure><figcaption><b>{group.Name}</b> <span>{MetricText.Count(group.Finished[0].Result!.NumTest, "test case")}</span></figcaption>
            <svg viewBox="0 0 {Width:0} {bottom + 38:0.#}" width="{Width:0}" role="img" aria-label="Accuracy on {group.Name}">
            {Grid(axis, 22, bottom)}{Majority(axis, group.MajorityShare, bottom)}
            {rows.Select((row, i) => Row(comparison, row, axis, tops[i], heights[i]))}
            <text class="axis" x="{(axis.From + axis.To) / 2:0.#}" y="{bottom + 33:0.#}" text-anchor="middle">accuracy</text></svg></figure>

            """;
    }

    /// <summary>Space for row names left of a chart, within bounds.</summary>
    internal static double Gutter(IEnumerable<string> labels) =>
        Math.Clamp(14 + (6.6 * labels.Select(l => l.Length).DefaultIfEmpty(0).Max()), 60, 236);

    /// <summary>A row name that fits the gutter; the whole name is in the tooltip.</summary>
    internal static string Short(string label) => label.Length <= 33 ? label : label[..15] + "…" + label[^17..];

    /// <summary>Vertical lines at the round values of the axis, with their labels below.</summary>
    internal static HtmlText Grid(Axis axis, double top, double bottom, string format = "0.0") => $"""
        {axis.Ticks(5).Select(HtmlText (t) => $"""
            <path class="grid" d="M{axis.At(t):0.#} {top:0.#}V{bottom:0.#}"/><text class="tick" x="{axis.At(t):0.#}" y="{bottom + 16:0.#}"
            text-anchor="middle">{t.ToString(format, CultureInfo.InvariantCulture)}</text>
            """)}
        """;

    private static HtmlText Majority(Axis axis, double share, double bottom) => double.IsNaN(share) ? HtmlText.Empty : $"""
        <g><title>Majority class: {MetricText.Score(share)}</title><path class="majority" d="M{axis.At(share):0.#} 18V{bottom:0.#}"/>
        <text class="tick" x="{axis.At(share):0.#}" y="13"
        text-anchor="{(share > 0.85 ? "end" : share < 0.15 ? "start" : "middle")}">majority {MetricText.Score(share)}</text></g>
        """;

    private static HtmlText Row(ScenarioComparison comparison, IGrouping<string, ReportRun> row, Axis axis, double top, double height)
    {
        var middle = top + (height / 2);
        return $"""
            <text class="row" x="{axis.From - 10:0.#}" y="{middle + 4:0.#}" text-anchor="end">{Short(row.Key)}<title>{row.Key}</title></text>
            {row.Select((run, i) => Mark(comparison, run, axis, top + (RowHeight / 2) + (RunOffset * i)))}
            """;
    }

    private static HtmlText Mark(ScenarioComparison comparison, ReportRun run, Axis axis, double y)
    {
        if (run.Result is not { } result)
            return $"""<text class="failed" x="{axis.At(0.5):0.#}" y="{y + 4:0.#}" text-anchor="middle">failed</text>""";
        var (lower, upper) = Binomial.WilsonInterval(result.Accuracy, result.NumTest);
        var interval = $"95% interval {MetricText.Score(lower)} to {MetricText.Score(upper)}";
        var (x, accuracy) = (axis.At(result.Accuracy), MetricText.Score(result.Accuracy));
        return $"""
            <g class="{comparison.Colour(run.Run)}"><title>{comparison.LongLabel(run.Run)}: {accuracy}, {interval}</title>
            <path class="whisker" d="M{axis.At(lower):0.#} {y:0.#}H{axis.At(upper):0.#}"/>{Point(run, x, y)}</g>
            <text class="value" x="{Width - 4:0}" y="{y + 4:0.#}" text-anchor="end">{accuracy}</text>
            """;
    }

    /// <summary>A dot for a scenario, a diamond for a baseline.</summary>
    private static HtmlText Point(ReportRun run, double x, double y) => run.Run.Baseline is null
        ? (HtmlText)$"""<circle class="dot" cx="{x:0.#}" cy="{y:0.#}" r="5"/>"""
        : $"""<path class="dot" d="M{x - 5.5:0.#} {y:0.#}L{x:0.#} {y - 5.5:0.#}L{x + 5.5:0.#} {y:0.#}L{x:0.#} {y + 5.5:0.#}Z"/>""";
}
