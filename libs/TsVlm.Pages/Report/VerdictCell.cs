using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;

namespace TsVlm.Pages.Report;

/// <summary>A difference with its verdict (as sign, word and colour), the discordant cases and P.</summary>
internal static class VerdictCell
{
    public static HtmlText Markup(PairedDifference difference) => Markup(difference.Points, [difference]);

    /// <summary>A mean difference of several pairs of runs; none where no predictions are known.</summary>
    public static HtmlText Markup(double points, IReadOnlyList<PairedDifference> runs)
    {
        var tested = runs.Where(r => r.Test is not null).OrderBy(r => r.PValue).ToList();
        var (isBetter, isWorse) = (tested.Any(r => r.Verdict is Verdict.Better), tested.Any(r => r.Verdict is Verdict.Worse));
        var (style, mark, word) = (isBetter, isWorse) switch
        {
            (true, false) => ("better", "▲", "better"),
            (false, true) => ("worse", "▼", "worse"),
            _ => ("level", "≈", tested.Count == 0 ? "not tested" : "not shown"),
        };
        return $"""
            <td class="verdict {style}" data-v="{points:R}" title="{Title(tested)}">
            <span>{mark} {MetricText.Points(points)}</span> {word}{(tested.Count == 0 ? HtmlText.Empty : Counts(tested))}</td>
            """;
    }

    private static HtmlText Counts(List<PairedDifference> tested) => $"""
         <small>{tested[0].Test!.OnlyFirst} : {tested[0].Test!.OnlySecond}, P {MetricText.PValue(tested[0].PValue)}</small>
        """;

    private static string Title(List<PairedDifference> tested) => tested.Count switch
    {
        0 => "The predictions of one of the two are not known",
        1 => "Test cases that this one alone has right, and that the other alone has right; McNemar’s exact P after Holm’s correction",
        _ => "The pair of least P; all pairs: "
            + string.Join("; ", tested.Select(r => $"{r.Test!.OnlyFirst} : {r.Test.OnlySecond}, P {MetricText.PValue(r.PValue)}")),
    };
}
