using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;

namespace TsVlm.Pages.Comparison;

/// <summary>Every pair of classifiers: differences, wins and tests as a matrix, and each against the reference as a scatter.</summary>
internal static class PairSection
{
    private const int MaxMatrix = 12;

    public static HtmlText Markup(RankComparison comparison, ClassifierMarks marks) => $"""
        <section id="pairs"><h2>Pairs</h2>{(comparison.IsEnough
            ? (HtmlText)$"{Matrix(comparison, marks)}{PairScatter.Markup(comparison)}"
            : $"<p>Too little to compare: pairs need two classifiers and two data sets.</p>")}</section>

        """;

    private static HtmlText Matrix(RankComparison comparison, ClassifierMarks marks)
    {
        var shown = comparison.Ranked.Take(MaxMatrix).ToList();
        return $"""
            <p class="quiet">Row minus column: mean difference of accuracy in points; data sets won, drawn and lost by the row; P after Holm’s correction over all
            {comparison.Pairs.Count()} pairs. Coloured where it is below {RankComparison.Level:0.00}.{(shown.Count < comparison.Ranked.Count
                ? $" The {shown.Count} best-ranked are shown; pairwise.csv has every pair." : HtmlText.Empty)}</p>
            <div class="scroll"><table class="pairs"><thead><tr><td></td>{shown.Select(r => ClassifierMarks.Head(r.Classifier))}</tr></thead><tbody>
            {shown.Select(HtmlText (row) => $"""
                <tr><th scope="row">{marks.Name(row.Classifier)}</th>{shown.Select(column => row == column ? (HtmlText)$"<td class=\"self\"></td>"
                    : Cell(comparison[row.Classifier, column.Classifier]))}</tr>

                """)}</tbody></table></div>

            """;
    }

    private static HtmlText Cell(ClassifierPair pair) => $"""
        <td class="{(!pair.IsSignificant ? "" : pair.MeanDifference > 0 ? "up more" : "down more")}"
        title="{pair.First.Name} against {pair.Second.Name}: Wilcoxon P {MetricText.PValue(pair.PValue)}{(pair.IsExact ? ", exact" : "")}"><b>{
            MetricText.Points(pair.MeanDifference)}</b>
        <span>{pair.Wins} / {pair.Draws} / {pair.Losses}</span><span>P {MetricText.PValue(pair.HolmPValue)}</span></td>
        """;
}
