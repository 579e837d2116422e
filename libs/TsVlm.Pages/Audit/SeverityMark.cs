using TsVlm.Evaluation;
using TsVlm.Evaluation.Audit;

namespace TsVlm.Pages.Audit;

/// <summary>Severities by sign, word and colour.</summary>
internal static class SeverityMark
{
    /// <summary>A severity as a sign, for tight tables.</summary>
    public static string Sign(AuditSeverity? severity) => severity switch
    {
        null => MetricText.Undefined,
        AuditSeverity.Ok => "✓",
        AuditSeverity.Note => "•",
        AuditSeverity.Warning => "▲",
        _ => "✖",
    };

    /// <summary>The style's name for a severity.</summary>
    public static string Class(AuditSeverity? severity) => severity switch
    {
        null => "quiet",
        AuditSeverity.Note => "note-level",
        { } other => AuditText.Name(other),
    };

    /// <summary>A severity with sign and word.</summary>
    public static HtmlText Badge(AuditSeverity severity) =>
        $"""<span class="sev {Class(severity)}">{Sign(severity)} {AuditText.Name(severity)}</span>""";
}
