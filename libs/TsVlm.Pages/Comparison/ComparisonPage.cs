using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Comparison;

/// <summary>
/// The report of a comparison: one HTML page that needs nothing but itself, with the look of the report of an experiment.
/// </summary>
public static class ComparisonPage
{
    /// <summary>Writes the page, as well-formed XML, to be stored as UTF-8; equal data gives equal text.</summary>
    public static void Write(RankComparison comparison, PairedTests tests, ReportHeading heading, TextWriter output)
    {
        HtmlText head = $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/><title>{heading.Title}</title>
            {PageStyle.Markup}{ComparisonStyle.Markup}</head><body>
            {Header(comparison, heading)}
            <nav aria-label="Sections"><a href="#summary">Summary</a><a href="#ranks">Ranks</a><a href="#pairs">Pairs</a>
            <a href="#accuracy">Accuracy</a><a href="#time">Time</a><a href="#failures">Where it fails</a><a href="#method">Method</a></nav>
            <main>
            """;
        var marks = new ClassifierMarks(comparison);
        output.Write(head.ToString());
        output.Write(OverviewSection.Markup(comparison).ToString());
        output.Write(RankSection.Markup(comparison, marks).ToString());
        output.Write(PairSection.Markup(comparison, marks).ToString());
        output.Write(ScoreSection.Markup(comparison).ToString());
        output.Write(TimeSection.Markup(comparison, marks).ToString());
        output.Write(FailureSection.Markup(comparison, tests, marks).ToString());
        output.Write(MethodSection.Markup(comparison, heading).ToString());
        HtmlText end = $"</main>\n{PageScript.Markup}</body></html>\n";
        output.Write(end.ToString());
    }

    private static HtmlText Header(RankComparison comparison, ReportHeading heading) => $"""
        <header><p class="kicker">Classifiers compared over data sets</p><h1>{heading.Title}</h1>
        <p class="meta"><span>{heading.Created:yyyy-MM-dd HH:mm} UTC{heading.Created:zzz}</span>
        <span>{MetricText.Count(comparison.Ranked.Count, "classifier")}</span>
        <span>{MetricText.Count(comparison.Table.Datasets.Count, "data set")}</span><span>code <code>{heading.CodeVersion}</code></span></p></header>

        """;
}
