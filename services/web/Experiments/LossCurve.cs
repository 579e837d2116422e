using TsVlm.Evaluation;
using TsVlm.Pages;

namespace TsVlm.Web.Experiments;

/// <summary>The training loss of a run so far, small enough for a row of a table.</summary>
internal static class LossCurve
{
    private const double Width = 120;
    private const double Height = 26;

    /// <summary>A line through the losses by epoch; nothing before there are two.</summary>
    public static HtmlText Markup(IReadOnlyList<(double Epoch, double Loss)> losses)
    {
        if (losses.Count < 2) return HtmlText.Empty;
        var (low, high) = (losses.Min(point => point.Loss), losses.Max(point => point.Loss));
        var (first, last) = (losses[0].Epoch, losses[^1].Epoch);
        return $"""
            <svg class="spark c0" viewBox="0 0 {Width:0} {Height:0}" width="{Width:0}" height="{Height:0}" role="img"
            aria-label="Training loss from {MetricText.Score(losses[0].Loss)} to {MetricText.Score(losses[^1].Loss)}"><path class="validation" d="{Points()}"/></svg>
            """;

        HtmlText Points() => $"{losses.Select((point, i) => (HtmlText)$"{(i == 0 ? "M" : "L")}{X(point.Epoch):0.#} {Y(point.Loss):0.#}")}";
        double X(double epoch) => 2 + ((Width - 4) * (last > first ? (epoch - first) / (last - first) : 0));
        double Y(double loss) => 2 + ((Height - 4) * (high > low ? (high - loss) / (high - low) : 0.5));
    }
}
