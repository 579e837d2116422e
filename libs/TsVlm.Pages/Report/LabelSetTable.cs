using TsVlm.Evaluation;
using TsVlm.Evaluation.Metrics;

namespace TsVlm.Pages.Report;

/// <summary>The metrics of a run whose classes are sets of labels: of the sets, and of each label.</summary>
internal static class LabelSetTable
{
    public static HtmlText Markup(LabelSetMetrics metrics) => $"""
        <div class="labels"><h4>Labels <span class="quiet">predicted above a probability of one half</span></h4>
        <dl class="facts"><dt>Subset accuracy</dt><dd>{MetricText.Score(metrics.SubsetAccuracy)}</dd><dt>Hamming loss</dt><dd>{MetricText.Score(metrics.HammingLoss)}</dd>
        <dt>F1 by case</dt><dd>{MetricText.Score(metrics.ExampleF1)}</dd><dt>Jaccard by case</dt><dd>{MetricText.Score(metrics.Jaccard)}</dd>
        <dt>Micro F1</dt><dd>{MetricText.Score(metrics.MicroF1)}</dd><dt>Macro F1</dt><dd>{MetricText.Score(metrics.MacroF1)}</dd></dl>
        <div class="scroll tall"><table class="sortable numbers"><thead><tr><th scope="col">Label</th><th scope="col" class="n">Precision</th>
        <th scope="col" class="n">Recall</th><th scope="col" class="n">F1</th><th scope="col" class="n">AUROC</th><th scope="col" class="n">Cases</th></tr></thead><tbody>
        {metrics.Labels.Select(Row)}</tbody></table></div></div>

        """;

    private static HtmlText Row(LabelMetrics label) => $"""
        <tr><th scope="row">{label.Label}</th><td>{MetricText.Score(label.Precision)}</td><td>{MetricText.Score(label.Recall)}</td>
        <td>{MetricText.Score(label.F1)}</td><td>{MetricText.Score(label.Auroc)}</td><td>{label.Support}</td></tr>

        """;
}
