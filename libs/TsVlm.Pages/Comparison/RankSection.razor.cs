using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;

namespace TsVlm.Pages.Comparison;

/// <summary>Mean ranks, as a diagram and as a table with each classifier against the reference.</summary>
public sealed partial class RankSection
{
    private static HtmlText Body(RankComparison comparison, ClassifierMarks marks, string page) => $"""
        {(comparison.IsEnough ? Diagram(comparison, marks, page) : HtmlText.Empty)}
        <h3>By mean rank</h3>
        <p class="quiet">Over the {MetricText.Count(comparison.Table.Complete.Count, "data set")} that every classifier has a result for, unweighted. Ties share their mean rank;
        “best on” counts the data sets on which none is better. The right half compares each with <b>{comparison.Reference.Name}</b>.</p>
        <div class="scroll"><table class="sortable ranks"><thead><tr><th scope="col">Classifier</th><th scope="col" class="n">Mean rank <span class="quiet">↓</span></th>
        <th scope="col" class="n">Mean accuracy <span class="quiet">↑</span></th><th scope="col" class="n">Best on</th>
        <th scope="col" class="n" title="Mean seconds of training and predicting a data set">Time, s</th>
        <th scope="col" class="n">Points</th><th scope="col" class="n" title="Data sets won, drawn and lost">W / D / L</th>
        <th scope="col" class="n">P, Holm</th><th scope="col">Verdict</th></tr></thead><tbody>
        {comparison.Ranked.Select(r => Row(comparison, marks, r))}</tbody></table></div>

        """;

    private static HtmlText Diagram(RankComparison comparison, ClassifierMarks marks, string page) => $"""
        <p class="quiet">Bars join neighbours among which no pair differs significantly. Two that do not differ, but have one between them that does, share no bar:
        <a href="{page}#pairs">the table of pairs</a> has every test.</p>
        {CriticalDifferenceDiagram.Markup(comparison, marks)}
        """;

    private static HtmlText Row(RankComparison comparison, ClassifierMarks marks, RankedClassifier ranked) => $"""
        <tr{(ranked.Classifier.Kind is ClassifierKind.Scenario ? HtmlText.Empty : $" class=\"baseline\"")}><th scope="row">{marks.Name(ranked.Classifier)}</th>
        <td class="n">{ranked.MeanRank:0.00}</td><td class="n">{MetricText.Score(ranked.MeanAccuracy)}</td><td class="n">{ranked.NumBest}</td>
        <td class="n">{(ranked.Seconds < 1 ? MetricText.Score(ranked.Seconds) : MetricText.Seconds(ranked.Seconds))}</td>{Against(comparison, ranked.Classifier)}</tr>

        """;

    private static HtmlText Against(RankComparison comparison, ComparedClassifier classifier)
    {
        if (classifier == comparison.Reference || !comparison.IsEnough)
            return $"""<td class="quiet" colspan="4">{(comparison.IsEnough ? "the reference" : "too little to compare")}</td>""";
        var pair = comparison[classifier, comparison.Reference];
        var (style, verdict) = !pair.IsSignificant ? ("level", "≈ not significant") : pair.MeanDifference > 0
            ? ("better", "▲ better") : ("worse", "▼ worse");
        return $"""
            <td class="n">{MetricText.Points(pair.MeanDifference)}</td><td class="n" data-v="{pair.Wins - pair.Losses}">{pair.Wins} / {pair.Draws} / {pair.Losses}</td>
            <td class="n">{MetricText.PValue(pair.HolmPValue)}</td><td class="verdict {style}">{verdict}</td>
            """;
    }
}
