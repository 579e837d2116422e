using TsVlm.Evaluation;
using TsVlm.Evaluation.Metrics;

namespace TsVlm.Pages.Report;

/// <summary>Confidence against accuracy (Guo et al. 2017, figure 1), with the number of predictions below.</summary>
internal static class ReliabilityDiagram
{
    private const double Side = 200;
    private const double Left = 46;
    private const double Top = 10;
    private const double CountsTop = Top + Side + 44;
    private const double CountsHeight = 46;

    public static HtmlText Markup(IReadOnlyList<ReliabilityBin> bins)
    {
        var (x, y) = (Axis.Share(Left, Left + Side), Axis.Share(Top + Side, Top));
        var max = bins.Max(b => b.Count);
        return $"""
            <svg class="reliability" viewBox="0 0 {Left + Side + 12:0} {CountsTop + CountsHeight + 18:0}" width="{Left + Side + 12:0}" role="img"
            aria-label="Reliability diagram">
            {x.Ticks(5).Select(HtmlText (t) => $"""
                <path class="grid" d="M{Left:0} {y.At(t):0.#}H{Left + Side:0}"/><text class="tick" x="{Left - 6:0}" y="{y.At(t) + 4:0.#}"
                text-anchor="end">{t:0.0}</text>
                <text class="tick" x="{x.At(t):0.#}" y="{Top + Side + 16:0.#}" text-anchor="middle">{t:0.0}</text>
                """)}
            {bins.Where(b => b.Count > 0).Select(b => Bar(b, x, y))}
            <path class="majority" d="M{Left:0} {Top + Side:0}L{Left + Side:0} {Top:0}"><title>perfectly calibrated</title></path>
            <text class="axis" x="{Left + (Side / 2):0}" y="{Top + Side + 33:0}" text-anchor="middle">confidence</text>
            <text class="axis" x="11" y="{Top + (Side / 2):0}" text-anchor="middle" transform="rotate(-90 11 {Top + (Side / 2):0})">accuracy</text>
            {bins.Where(b => b.Count > 0).Select(b => CountBar(b, x, max))}
            <path class="base" d="M{Left:0} {CountsTop + CountsHeight:0}H{Left + Side:0}"/>
            <text class="tick" x="{Left - 6:0}" y="{CountsTop + 8:0}" text-anchor="end">{max}</text>
            <text class="axis" x="{Left + (Side / 2):0}" y="{CountsTop + CountsHeight + 14:0}" text-anchor="middle">predictions by confidence</text></svg>
            """;
    }

    private static HtmlText Bar(ReliabilityBin bin, Axis x, Axis y) => $"""
        <g><title>confidence {bin.From:0.00} to {bin.To:0.00}: {MetricText.Count(bin.Count, "prediction")},
        mean confidence {MetricText.Score(bin.MeanConfidence)}, accuracy {MetricText.Score(bin.Accuracy)}</title>
        <rect class="bar" x="{x.At(bin.From) + 1:0.#}" y="{y.At(bin.Accuracy):0.#}" width="{x.At(bin.To) - x.At(bin.From) - 2:0.#}"
        height="{y.At(0) - y.At(bin.Accuracy):0.#}"/>
        <path class="gap" d="M{x.At(bin.MeanConfidence):0.#} {y.At(bin.Accuracy):0.#}V{y.At(bin.MeanConfidence):0.#}"/>
        <circle class="dot" cx="{x.At(bin.MeanConfidence):0.#}" cy="{y.At(bin.Accuracy):0.#}" r="3"/></g>
        """;

    private static HtmlText CountBar(ReliabilityBin bin, Axis x, int max)
    {
        var height = CountsHeight * bin.Count / max;
        return $"""
            <rect class="counts" x="{x.At(bin.From) + 1:0.#}" y="{CountsTop + CountsHeight - height:0.#}"
            width="{x.At(bin.To) - x.At(bin.From) - 2:0.#}" height="{height:0.#}"><title>{bin.Count}</title></rect>
            """;
    }
}
