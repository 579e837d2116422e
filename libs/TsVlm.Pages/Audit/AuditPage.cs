using TsVlm.Evaluation.Audit;
using TsVlm.Pages.Documents;

namespace TsVlm.Pages.Audit;

/// <summary>The report of an audit: one HTML page that needs nothing but itself, with the look of the report of an experiment.</summary>
public static class AuditPage
{
    /// <summary>Writes the page, as well-formed XML, to be stored as UTF-8; equal data gives equal text.</summary>
    public static void Write(IReadOnlyList<DatasetAudit> audits, ReportHeading heading, TextWriter output) =>
        StaticPage.Write<AuditDocument>(new()
        {
            [nameof(AuditDocument.Audits)] = audits,
            [nameof(AuditDocument.Heading)] = heading,
        }, output);
}
