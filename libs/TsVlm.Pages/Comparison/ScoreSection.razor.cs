using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;

namespace TsVlm.Pages.Comparison;

/// <summary>Accuracy of every classifier on every data set, with its interval.</summary>
public sealed partial class ScoreSection
{
    private static HtmlText LeftOut(ScoreTable table, List<ComparedClassifier> classifiers) => $"""
        <tbody><tr class="group"><th scope="rowgroup" colspan="{classifiers.Count + 1}">Not in means and ranks</th></tr>
        {table.LeftOut.Select(l => Row(table, l.Dataset, classifiers))}</tbody>
        """;

    private static HtmlText Row(ScoreTable table, ComparedDataset dataset, List<ComparedClassifier> classifiers)
    {
        var scores = classifiers.Select(c => table[dataset, c]).ToList();
        var best = scores.Max(s => s?.Accuracy.Mean);
        return $"""
            <tr><th scope="row">{dataset.Name}</th>{classifiers.Zip(scores, (c, s) => Cell(c, s, classifiers.Count > 1 && s?.Accuracy.Mean == best))}</tr>

            """;
    }

    private static HtmlText Cell(ComparedClassifier classifier, Score? score, bool isBest)
    {
        var style = $"n{(isBest && score is not null ? " best" : "")}{(classifier.Kind is ClassifierKind.Published ? " published" : "")}";
        if (score is null) return $"""<td class="{style} quiet">{MetricText.Undefined}</td>""";
        var (mean, lower, upper) = (score.Accuracy.Mean, score.Accuracy.Lower, score.Accuracy.Upper);
        var says = $"{classifier.Name}: 95% interval {MetricText.Score(lower)} to {MetricText.Score(upper)}, {MetricText.Count(score.NumRuns, "run")}";
        return $"""
            <td class="{style}" data-v="{mean:R}" title="{says}">{(isBest ? $"<span title=\"best\">★</span> " : HtmlText.Empty)}{MetricText.Score(mean)}
            <small>±{100 * (upper - lower) / 2:0.0}</small></td>
            """;
    }

    private static HtmlText Means(RankComparison comparison) => $"""
        <tr class="reference fixed"><th scope="row">mean of {comparison.Table.Complete.Count}</th>
        {comparison.Ranked.Select(HtmlText (r) => $"<td class=\"n\">{MetricText.Score(r.MeanAccuracy)}</td>")}</tr>
        """;
}
