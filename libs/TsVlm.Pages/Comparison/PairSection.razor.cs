using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;

namespace TsVlm.Pages.Comparison;

/// <summary>Every pair of classifiers: differences, wins and tests as a matrix, and each against the reference as a scatter.</summary>
public sealed partial class PairSection
{
    private const int MaxMatrix = 12;

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
