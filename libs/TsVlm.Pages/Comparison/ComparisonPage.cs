using TsVlm.Evaluation.Comparison;
using TsVlm.Pages.Documents;

namespace TsVlm.Pages.Comparison;

/// <summary>
/// The report of a comparison: one HTML page that needs nothing but itself, with the look of the report of an experiment.
/// </summary>
public static class ComparisonPage
{
    /// <summary>Writes the page, as well-formed XML, to be stored as UTF-8; equal data gives equal text.</summary>
    public static void Write(RankComparison comparison, PairedTests tests, ReportHeading heading, TextWriter output) =>
        StaticPage.Write<ComparisonDocument>(new()
        {
            [nameof(ComparisonDocument.Comparison)] = comparison,
            [nameof(ComparisonDocument.Tests)] = tests,
            [nameof(ComparisonDocument.Heading)] = heading,
        }, output);
}
