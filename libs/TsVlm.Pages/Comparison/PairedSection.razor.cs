using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Comparison;

/// <summary>Each run against the reference's on the same test cases, by McNemar's test.</summary>
public sealed partial class PairedSection
{
    private const int MaxRows = 200;

    private static HtmlText Body(RankComparison comparison, PairedTests tests, ClassifierMarks marks) => $"""
        <p class="quiet">Each run against that of <b>{comparison.Reference.Name}</b> on the same test cases: the difference of accuracy in points, test cases that the run alone
        has right and that the reference alone has right, and McNemar’s exact P after Holm’s correction over all {MetricText.Count(tests.All.Count, "pair")}. The least P
        first.{(tests.All.Count > MaxRows ? $" The first {MaxRows} are shown; paired.csv has all." : "")}</p>
        <div class="scroll tall"><table><thead><tr><th scope="col">Data set</th><th scope="col">Classifier</th><th scope="col" class="n">Resample</th>
        <th scope="col" class="n">Seed</th><th scope="col">Against the reference</th></tr></thead><tbody>
        {tests.All.OrderBy(pair => double.IsNaN(pair.Difference.PValue) ? 2 : pair.Difference.PValue).Take(MaxRows).Select(HtmlText (pair) => $"""
            <tr><th scope="row">{pair.Dataset.Name}</th><td class="name">{marks.Name(pair.Classifier)}</td><td class="n">{pair.Resample}</td>
            <td class="n">{pair.Seed}</td>{VerdictCell.Markup(pair.Difference)}</tr>

            """)}</tbody></table></div>

        """;
}
