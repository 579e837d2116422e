using TsVlm.Evaluation;
using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Report;

/// <summary>The report of one experiment: one HTML page that needs nothing but itself, and no script to be read.</summary>
public static class HtmlReport
{
    /// <summary>Writes the page, as well-formed XML, to be stored as UTF-8; equal data gives equal text.</summary>
    /// <param name="data">The experiment; its runs may be none.</param>
    /// <param name="output">Where the page goes; it is left open.</param>
    /// <exception cref="ArgumentException">A run has both a result and a failure, or neither.</exception>
    public static void Write(ReportData data, TextWriter output)
    {
        var comparison = new ScenarioComparison(data.Runs);
        WritePiece(output, $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/><title>{data.Title}</title>
            {PageStyle.Markup}</head><body>
            {Header(data)}
            <nav aria-label="Sections"><a href="#summary">Summary</a><a href="#results">Results</a><a href="#accuracy">Accuracy</a>
            {RationaleSection.Link(comparison)}<a href="#learning">Learning curves</a><a href="#runs">Runs</a><a href="#repeat">How to repeat</a></nav>
            <main>
            """);
        WritePiece(output, SummarySection.Markup(comparison));
        WritePiece(output, ResultSection.Markup(comparison));
        WritePiece(output, AccuracySection.Markup(comparison));
        WritePiece(output, RationaleSection.Markup(comparison));
        WritePiece(output, LearningSection.Markup(comparison));
        foreach (var piece in RunSection.Pieces(comparison)) WritePiece(output, piece);
        WritePiece(output, RepeatSection.Markup(data));
        WritePiece(output, $"</main>\n{PageScript.Markup}</body></html>\n");
    }

    private static HtmlText Header(ReportData data) => $"""
        <header><p class="kicker">Time-series classification with vision-language models</p><h1>{data.Title}</h1>
        <p class="meta"><span>{data.Created:yyyy-MM-dd HH:mm} UTC{data.Created:zzz}</span>
        <span>{MetricText.Count(data.Runs.Count, "run")}</span><span>code <code>{data.CodeVersion}</code></span>
        <span>{data.Machine.Processor}, {MetricText.Count(data.Machine.Cores, "core")}, {data.Machine.OperatingSystem}</span></p></header>
        """;

    private static void WritePiece(TextWriter output, HtmlText piece) => output.Write(piece.ToString());
}
