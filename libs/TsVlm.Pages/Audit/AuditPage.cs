using TsVlm.Evaluation;
using TsVlm.Evaluation.Audit;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Audit;

/// <summary>The report of an audit: one HTML page that needs nothing but itself, with the look of the report of an experiment.</summary>
public static class AuditPage
{
    /// <summary>Writes the page, as well-formed XML, to be stored as UTF-8; equal data gives equal text.</summary>
    public static void Write(IReadOnlyList<DatasetAudit> audits, ReportHeading heading, TextWriter output)
    {
        HtmlText page = $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/><title>{heading.Title}</title>
            {PageStyle.Markup}{AuditStyle.Markup}</head><body>
            <header><p class="kicker">Audit before training</p><h1>{heading.Title}</h1>
            <p class="meta"><span>{heading.Created:yyyy-MM-dd HH:mm} UTC{heading.Created:zzz}</span>
            <span>{MetricText.Count(audits.Count, "data set")}</span><span>code <code>{heading.CodeVersion}</code></span></p></header>
            <nav aria-label="Sections"><a href="#summary">Summary</a><a href="#findings">Findings</a><a href="#pairs">Pairs</a><a href="#method">Method</a></nav>
            <main>
            {AuditSummarySection.Markup(audits)}{AuditFindingSection.Markup(audits)}{AuditPairSection.Markup(audits)}{AuditMethodSection.Markup(heading)}
            </main>
            {PageScript.Markup}</body></html>

            """;
        output.Write(page.ToString());
    }

    /// <summary>Where a data set's findings stand.</summary>
    public static string Anchor(int place) => FormattableString.Invariant($"set-{place}");
}
