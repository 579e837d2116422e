using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Pages.Comparison;

/// <summary>How the results were made, with their sources, and the command that makes them again.</summary>
internal static class MethodSection
{
    public static HtmlText Markup(RankComparison comparison, ReportHeading heading) => $"""
        <section id="method"><h2>Method</h2><dl class="glossary">
        <dt>Score</dt><dd>Accuracy on the test split; seeds are averaged within their resample, resamples within their data set, and every data set counts once.</dd>
        <dt>95% interval</dt><dd>Of one run: Wilson’s (1927) over its test cases. Over J resamples: Student’s t with the variance (1/J + test/train) s² of Nadeau and Bengio (2003),
        since the training parts of resamples overlap. Over several seeds of one split: Student’s t over the seeds, or Wilson’s where that is wider.</dd>
        <dt>1-NN</dt><dd>1nn-ed, 1nn-dtw and 1nn-dtw-learned compare values as they are; with -z at the end of the name each channel of each series is z-normalised first.
        The UCR archive’s published 1-NN accuracies are of z-normalised series, tsml-eval’s of the values as they are.</dd>
        <dt>Mean rank</dt><dd>1 is best; equal accuracies share the mean of their places (Demšar 2006).</dd>
        <dt>Friedman’s test</dt><dd>χ² with correction for ties, as in scipy and aeon; F after Iman and Davenport (1980).</dd>
        <dt>Wilcoxon’s test</dt><dd>Signed ranks, two-sided. Data sets on which both are level are set aside before ranking, as aeon does (aeon tests one side). Up to
        {WilcoxonTest.MaxExact} differences P is counted exactly over all signs, shared ranks included; above, the normal approximation with correction for ties.</dd>
        <dt>Holm’s correction</dt><dd>Over all pairs (Holm 1979; García and Herrera 2008): the chance of any false finding stays below {RankComparison.Level:0.00}.</dd>
        <dt>McNemar’s test</dt><dd>On one data set: exact, two-sided, on the cases that one of two runs alone has right (McNemar 1947; Dietterich 1998). A run is paired with the
        reference’s of the same resample and seed, or with its only one. Several seeds are several pairs on the same cases, so means over seeds are not tested; Holm’s
        correction over all pairs holds whatever they share. It needs the predictions of both, which published results do not give.</dd>
        <dt>Bars</dt><dd>The largest runs of neighbours by mean rank among which no pair is significant after correction (Benavoli, Corani and Mangili 2016, on why pairs are tested
        by Wilcoxon and not by mean ranks). Where Friedman’s test finds nothing, one bar joins all.</dd>
        <dt>Archives are samples</dt><dd>Data sets of an archive are no random sample of all problems, and a choice of them even less: P values are a yardstick, not proof.</dd>
        </dl>{Sources(comparison.Table)}
        <h3>How to repeat</h3><pre class="command">{heading.Command}</pre></section>

        """;

    private static HtmlText Sources(ScoreTable table)
    {
        if (table.Classifiers.All(c => c.Kind is not ClassifierKind.Published)) return HtmlText.Empty;
        return $"""
            <h3>Published results</h3>
            <p>Nothing was run here for these; others measured them on the archive’s own split, on other machines and with code that was not checked here.
            A rounded result is taken for the share of test cases that rounds to it, where that is one.</p>
            <details class="notes"><summary>Sources ({table.Sources.Count})</summary><ul>{table.Sources.Select(HtmlText (s) => $"<li>{s}</li>")}</ul></details>

            """;
    }
}
