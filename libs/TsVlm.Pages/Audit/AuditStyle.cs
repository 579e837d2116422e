using TsVlm.Evaluation;
using TsVlm.Evaluation.Audit;

namespace TsVlm.Pages.Audit;

/// <summary>What the page of an audit adds to the common look: severities by sign, word and colour.</summary>
internal static class AuditStyle
{
    public static HtmlText Markup => $$"""
        <style>/*<![CDATA[*/
        .sev{display:inline-block;min-width:5.4rem;padding:.05rem .55rem;border:1px solid var(--c);border-radius:99px;color:var(--c);font-size:.8rem;white-space:nowrap}
        .sev.warning,.sev.problem{background:color-mix(in srgb,var(--c) 14%,transparent);font-weight:600}
        .ok{--c:var(--good)}
        .note-level{--c:var(--accent)}
        .warning{--c:var(--c4)}
        .problem{--c:var(--bad)}
        .tile.warning b,.tile.problem b,.tile.ok b,.tile.note-level b{color:var(--c)}
        .matrix-table td,.matrix-table thead th{text-align:center}
        .matrix-table thead th:first-child,.matrix-table tbody th{text-align:left}
        .matrix-table thead th{white-space:normal;min-width:4.6rem}
        .matrix-table td{color:var(--c,var(--quiet));font-weight:600}
        .matrix-table td.warning,.matrix-table td.problem{background:color-mix(in srgb,var(--c) 16%,transparent)}
        .finding td{vertical-align:top}
        .finding td:nth-child(-n+3){white-space:nowrap}
        .finding .found{display:block;min-width:24rem}
        .finding .advice{display:block;margin-top:.15rem;color:var(--quiet)}
        .finding .cases{display:block;margin-top:.15rem;color:var(--quiet);font-size:.92em;font-variant-numeric:tabular-nums}
        .todo{margin:.4rem 0 0;padding:0;list-style:none}
        .todo li{display:grid;grid-template-columns:6.4rem minmax(0,1fr);gap:.2rem .8rem;padding:.55rem 0;border-top:1px solid var(--line)}
        .todo li>*{align-self:start}
        .todo p{margin:0;max-width:none}
        /*]]>*/</style>
        """;

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
