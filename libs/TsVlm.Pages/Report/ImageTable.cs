using TsVlm.Contracts;
using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;

namespace TsVlm.Pages.Report;

/// <summary>Whether the image helps: pairs of runs that differ in what the model is shown and in nothing else.</summary>
internal static class ImageTable
{
    public static HtmlText Markup(ScenarioComparison comparison)
    {
        var comparisons = ArmComparison.Of(comparison.Runs);
        return $"""
            <h3>Does the image help?</h3>
            {(comparisons.Any(c => c.With is Arm.Both or Arm.Image && c.Without is not Arm.Image) ? HtmlText.Empty : NoPair)}
            {comparisons.Where(c => c.With is Arm.Both && c.Without is not Arm.Image).Select(Answer)}
            {(comparisons.Count == 0 ? HtmlText.Empty : Table(comparisons))}{Control(comparison)}

            """;
    }

    /// <summary>What the report calls an arm.</summary>
    public static string ArmName(Arm arm) => arm switch
    {
        Arm.Both => "image and text",
        Arm.Image => "image only",
        Arm.Text => "text only",
        Arm.BlankImage => "blank image",
        _ => "shuffled image",
    };

    private static HtmlText NoPair =>
        $"<p>No two finished runs differ in the image alone, so this experiment cannot say.</p>";

    /// <summary>One comparison as a sentence that claims no more than its pairs show.</summary>
    private static HtmlText Answer(ArmComparison comparison) => $"""
        <p><b>{Subject(comparison)}</b> {MetricText.Points(comparison.MeanPoints)} points of accuracy on average
        over {MetricText.Count(comparison.Pairs.Count, "pair")} of runs:
        significantly better on {comparison.Count(Verdict.Better)}, worse on {comparison.Count(Verdict.Worse)},
        neither shown on {comparison.Count(Verdict.NotShown)}.</p>

        """;

    private static string Subject(ArmComparison comparison) => comparison.Without switch
    {
        Arm.Text => "The image added to the text makes",
        Arm.BlankImage => "The image instead of a blank one makes",
        _ => "The case’s own image instead of another’s makes",
    };

    private static HtmlText Table(IReadOnlyList<ArmComparison> comparisons) => $"""
        <p>Each pair of runs has the same data, split, text, recipe, model and seed, and differs only in what is shown.
        A pair counts as better or worse by McNemar’s exact test of its predictions, after Holm’s correction over the pairs of the row.
        Several seeds are so many pairs on the same test cases: the correction allows for that, but they are no independent evidence.</p>
        <div class="scroll"><table><thead><tr><th scope="col">Comparison</th><th scope="col">What it tells</th><th scope="col" class="n">Pairs</th>
        <th scope="col" class="n">Mean difference, points</th><th scope="col" class="n">better</th><th scope="col" class="n">not shown</th><th scope="col"
        class="n">worse</th><th scope="col" class="n" title="Test cases of all pairs that one of the two alone has right">Right alone</th>
        <th scope="col" class="n" title="The smallest of the row, after Holm’s correction">Least P</th></tr></thead><tbody>
        {comparisons.Select(HtmlText (c) => $"""
            <tr><th scope="row">{ArmName(c.With)} <span class="quiet">against</span> {ArmName(c.Without)}</th><td>{Meaning(c)}</td>
            <td class="n">{c.Pairs.Count}</td>
            <td class="n">{MetricText.Points(c.MeanPoints)}</td><td class="n">{c.Count(Verdict.Better)}</td><td class="n">{c.Count(Verdict.NotShown)}</td>
            <td class="n">{c.Count(Verdict.Worse)}</td><td class="n">{c.Discordant.With} : {c.Discordant.Without}</td>
            <td class="n">{(double.IsNaN(c.LeastPValue) ? MetricText.Undefined : MetricText.PValue(c.LeastPValue))}</td></tr>

            """)}</tbody></table></div>

        """;

    private static string Meaning(ArmComparison comparison) => (comparison.With, comparison.Without) switch
    {
        (Arm.Both, Arm.Text) => "what adding the image brings",
        (Arm.Both, Arm.Image) => "what adding the text brings",
        (_, Arm.BlankImage) => "whether the image’s content matters, not just its place in the sequence",
        _ => "whether it must be this case’s own image",
    };

    /// <summary>A blank image without text shows nothing of the case; more than the majority class would mean a leak.</summary>
    private static HtmlText Control(ScenarioComparison comparison)
    {
        var controls = Findings.Controls(comparison.Groups);
        if (controls.Count == 0) return HtmlText.Empty;
        var runs = MetricText.Count(controls.Count, "run");
        var above = controls.Count(c => c.Verdict is Verdict.Better);
        return above == 0
            ? (HtmlText)$"""
                <p>Control: shown a blank image and no text, the model is never significantly better than the majority class ({runs}), as it must be.</p>
                """
            : $"""
                <p class="alarm">Control failed: shown a blank image and no text, {above} of {runs} are significantly better than the majority class.
                Something tells the model the answer.</p>
                """;
    }
}
