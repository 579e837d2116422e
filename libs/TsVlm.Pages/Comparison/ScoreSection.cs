using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;

namespace TsVlm.Pages.Comparison;

/// <summary>Accuracy of every classifier on every data set, with its interval.</summary>
internal static class ScoreSection
{
    public static HtmlText Markup(RankComparison comparison)
    {
        var table = comparison.Table;
        List<ComparedClassifier> classifiers = [.. comparison.Ranked.Select(r => r.Classifier)];
        var numRuns = table.Datasets.SelectMany(d => classifiers.Where(c => c.Kind is not ClassifierKind.Published)
            .Select(c => table[d, c]?.NumRuns ?? 0)).DefaultIfEmpty(0).Max();
        return $"""
            <section id="accuracy"><h2>Accuracy</h2>
            <p class="quiet">★ best on the data set; ties are all marked. Behind each result half of its 95% interval in points: {(numRuns > 1
                ? (HtmlText)$"over resamples and seeds where there are several, of the test cases otherwise"
                : $"Wilson’s, of the test cases of a single run")}
            (<a href="#method">how</a>). Columns in the order of mean ranks.</p>
            <div class="scroll"><table class="sortable scores"><thead><tr><th scope="col">Data set</th>{classifiers.Select(ClassifierMarks.Head)}</tr></thead>
            <tbody>{table.Complete.Select(d => Row(table, d, classifiers))}
            {(table.Complete.Count > 1 ? Means(comparison) : HtmlText.Empty)}</tbody>
            {(table.LeftOut.Count == 0 ? HtmlText.Empty : $"""
                <tbody><tr class="group"><th scope="rowgroup" colspan="{classifiers.Count + 1}">Not in means and ranks</th></tr>
                {table.LeftOut.Select(l => Row(table, l.Dataset, classifiers))}</tbody>
                """)}</table></div></section>

            """;
    }

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
