using TsVlm.Evaluation.Results;
using TsVlm.Pages.Documents;

namespace TsVlm.Pages.Report;

/// <summary>The report of one experiment: one HTML page that needs nothing but itself, and no script to be read.</summary>
public static class HtmlReport
{
    /// <summary>Writes the page, as well-formed XML, to be stored as UTF-8; equal data gives equal text.</summary>
    /// <param name="data">The experiment; its runs may be none.</param>
    /// <param name="output">Where the page goes; it is left open.</param>
    /// <exception cref="ArgumentException">A run has both a result and a failure, or neither.</exception>
    public static void Write(ReportData data, TextWriter output) =>
        StaticPage.Write<ReportDocument>(new() { [nameof(ReportDocument.Data)] = data }, output);
}
