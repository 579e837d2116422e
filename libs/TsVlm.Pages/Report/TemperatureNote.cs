using TsVlm.Evaluation;
using TsVlm.Evaluation.Metrics;

namespace TsVlm.Pages.Report;

/// <summary>What the temperature of a run's probabilities did, below its reliability diagram.</summary>
internal static class TemperatureNote
{
    public static HtmlText Markup(TemperatureMetrics metrics) => metrics.NotFitted is { } why
        ? (HtmlText)$"""<p class="temperature">Temperature 1, not fitted: {why}.</p>"""
        : $"""
            <table class="temperature"><thead><tr><th scope="col">Temperature <span class="quiet">{MetricText.Count(metrics.NumValidation, "validation case")}</span></th>
            <th scope="col" class="n">NLL</th><th scope="col" class="n">ECE</th></tr></thead><tbody>
            <tr><th scope="row">1 (before)</th><td class="n">{MetricText.Score(metrics.NllBefore)}</td><td class="n">{MetricText.Score(metrics.EceBefore)}</td></tr>
            <tr><th scope="row">{MetricText.Score(metrics.Temperature)}</th><td class="n">{MetricText.Score(metrics.Nll)}</td>
            <td class="n">{MetricText.Score(metrics.Ece)}</td></tr>
            </tbody></table>
            """;
}
