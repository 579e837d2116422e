using TsVlm.Evaluation;
using TsVlm.Evaluation.Audit;

namespace TsVlm.Pages.Audit;

/// <summary>How many findings of which severity there are, what to do first, and which check found what on which data set.</summary>
public sealed partial class AuditSummarySection
{
    private const int MaxFirst = 12;

    private static HtmlText Tile(AuditSeverity severity, int count) => $"""
        <div class="tile {(count > 0 ? SeverityMark.Class(severity) : "")}"><b>{count}</b><span>{severity switch
        {
            AuditSeverity.Ok => count == 1 ? "check without a finding" : "checks without a finding",
            _ => AuditText.Name(severity) + (count == 1 ? "" : "s"),
        }}</span></div>
        """;

    private static HtmlText Lead(IReadOnlyList<DatasetAudit> audits)
    {
        var (bad, doubtful) = (audits.Count(a => a.Severity is AuditSeverity.Problem),
            audits.Count(a => a.Severity is AuditSeverity.Warning));
        var clean = audits.Count - bad - doubtful;
        return $"""
            <p class="lead">{(bad + doubtful == 0 ? "Nothing here speaks against training." : bad == 0
                ? $"{MetricText.Count(doubtful, "data set")} of {audits.Count} should be looked at before training."
                : $"{MetricText.Count(bad, "data set")} of {audits.Count} would give wrong metrics or none"
                    + $"{(doubtful == 0 ? "" : $", and {doubtful} more should be looked at before training")}.")}
            {(clean > 0 && clean < audits.Count ? $"Nothing speaks against the other {(clean == 1 ? "one" : clean)}." : "")}</p>

            """;
    }

    private static HtmlText First(IReadOnlyList<DatasetAudit> audits)
    {
        var grave = audits.SelectMany(a => a.Findings, (a, f) => (Audit: a, Finding: f))
            .Where(f => f.Finding.Severity >= AuditSeverity.Warning)
            .OrderByDescending(f => f.Finding.Severity).ToList();
        if (grave.Count == 0) return HtmlText.Empty;
        return $"""
            <h3>What to do first</h3><ul class="todo">{grave.Take(MaxFirst).Select(HtmlText (f) => $"""
                <li>{SeverityMark.Badge(f.Finding.Severity)}<div><p><b>{f.Audit.Name}</b> <span class="quiet">{f.Finding.Subject}</span> {f.Finding.Found}</p>
                <p class="quiet">{f.Finding.Advice}</p></div></li>
                """)}</ul>
            {(grave.Count > MaxFirst ? (HtmlText)$"<p class=\"quiet\">{grave.Count - MaxFirst} more stand under <a href=\"#findings\">findings</a>.</p>" : HtmlText.Empty)}

            """;
    }

    private static HtmlText Matrix(IReadOnlyList<DatasetAudit> audits) => $"""
        <h3>By data set</h3>
        <p class="quiet">The gravest finding of each check: ✖ problem, ▲ warning, • note, ✓ nothing found, – not made.</p>
        <div class="scroll"><table class="matrix-table"><thead><tr><th scope="col">Data set</th>
        {Enum.GetValues<AuditCheck>().Select(HtmlText (c) => $"<th scope=\"col\">{AuditText.Name(c)}</th>")}</tr></thead><tbody>
        {audits.Index().Select(HtmlText (a) => $"""
            <tr><th scope="row"><a href="#{AuditDocument.Anchor(a.Index)}">{a.Item.Name}</a></th>{Enum.GetValues<AuditCheck>().Select(c => Cell(a.Item, c))}</tr>

            """)}</tbody></table></div>

        """;

    private static HtmlText Cell(DatasetAudit audit, AuditCheck check)
    {
        var severity = audit.Of(check);
        var title = string.Join(" ", audit.Findings.Where(f => f.Check == check && f.Severity == severity).Take(3).Select(f => f.Found));
        return $"""<td class="{SeverityMark.Class(severity)}" title="{title}">{SeverityMark.Sign(severity)}</td>""";
    }
}
