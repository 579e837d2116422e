using TsVlm.Evaluation;
using TsVlm.Evaluation.Metrics;

namespace TsVlm.Pages.Report;

/// <summary>Accuracy against the share of cases that are answered, the most confident first.</summary>
internal static class AbstentionDiagram
{
    private const double Side = 200;
    private const double Left = 46;
    private const double Top = 10;

    public static HtmlText Markup(IReadOnlyList<AbstentionPoint> points)
    {
        var (x, y) = (Axis.Share(Left, Left + Side), Axis.Share(Top + Side, Top));
        var line = string.Concat(
            points.Select((p, i) => FormattableString.Invariant($"{(i == 0 ? 'M' : 'L')}{x.At(p.Coverage):0.#} {y.At(p.Accuracy):0.#}")));
        return $"""
            <svg class="abstention" viewBox="0 0 {Left + Side + 12:0} {Top + Side + 44:0}" width="{Left + Side + 12:0}" role="img"
            aria-label="Accuracy by share of cases answered">
            {x.Ticks(5).Select(HtmlText (t) => $"""
                <path class="grid" d="M{Left:0} {y.At(t):0.#}H{Left + Side:0}"/><text class="tick" x="{Left - 6:0}" y="{y.At(t) + 4:0.#}"
                text-anchor="end">{t:0.0}</text>
                <text class="tick" x="{x.At(t):0.#}" y="{Top + Side + 16:0.#}" text-anchor="middle">{t:0.0}</text>
                """)}
            <path class="curve" d="{line}"/>
            {points.Select(HtmlText (p) => $"""
                <circle class="dot" cx="{x.At(p.Coverage):0.#}" cy="{y.At(p.Accuracy):0.#}" r="2"><title>confidence {p.Confidence:0.000} and more:
                {p.Coverage:0.0%} answered, accuracy {MetricText.Score(p.Accuracy)}</title></circle>
                """)}
            <text class="axis" x="{Left + (Side / 2):0}" y="{Top + Side + 33:0}" text-anchor="middle">share answered</text>
            <text class="axis" x="11" y="{Top + (Side / 2):0}" text-anchor="middle" transform="rotate(-90 11 {Top + (Side / 2):0})">accuracy</text></svg>
            """;
    }
}
