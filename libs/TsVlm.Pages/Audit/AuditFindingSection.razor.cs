using System.Globalization;
using TsVlm.Evaluation;
using TsVlm.Evaluation.Audit;

namespace TsVlm.Pages.Audit;

/// <summary>Every finding of every data set, with what to do.</summary>
public sealed partial class AuditFindingSection
{
    private static HtmlText Dataset(int place, DatasetAudit audit, bool isOpen) => $"""
        <details class="run" id="{AuditDocument.Anchor(place)}"{(isOpen || audit.Severity >= AuditSeverity.Warning ? (HtmlText)$" open=\"open\"" : HtmlText.Empty)}>
        <summary>{SeverityMark.Badge(audit.Severity)} <b>{audit.Name}</b><span class="quiet">{Facts(audit)}</span></summary>
        <div class="scroll"><table class="finding"><thead><tr><th scope="col">Severity</th><th scope="col">Check</th><th scope="col">Of</th>
        <th scope="col">What was found, and what to do</th></tr></thead><tbody>{audit.Findings.OrderByDescending(f => f.Severity).Select(Row)}</tbody></table></div></details>

        """;

    private static string Facts(DatasetAudit audit) => audit.Summary is not { } summary ? "" : string.Create(CultureInfo.InvariantCulture,
        $"{summary.NumTrain} + {summary.NumTest} cases, {MetricText.Count(summary.Classes.Count, "class", "classes")}, "
        + $"{MetricText.Count(summary.NumChannels, "channel")}, {Length(summary.MinLength, summary.MaxLength)} time steps");

    private static string Length(int shortest, int longest) => shortest == longest ? $"{longest}" : $"{shortest} to {longest}";

    private static HtmlText Row(AuditFinding finding) => $"""
        <tr><td>{SeverityMark.Badge(finding.Severity)}</td><td>{AuditText.Name(finding.Check)}</td><td>{(finding.Subject.Length == 0 ? "data set" : finding.Subject)}</td>
        <td><span class="found">{finding.Found}</span>{(finding.Advice.Length == 0 ? HtmlText.Empty : $"<span class=\"advice\">→ {finding.Advice}</span>")}
        {(finding.Cases.Count == 0 ? HtmlText.Empty : $"<span class=\"cases\">cases {AuditText.Cases(finding.Cases)}</span>")}</td></tr>

        """;
}
