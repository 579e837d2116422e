using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Evaluation.Audit;
using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Audit;

/// <summary>Writes an audit: the page, its findings as JSON and CSV, and its pairs of cases as CSV.</summary>
public static class AuditOutput
{
    /// <summary>Name of the page.</summary>
    public const string PageName = "audit.html";

    /// <summary>Name of the findings as JSON.</summary>
    public const string JsonName = "audit.json";

    /// <summary>Name of the findings as a table.</summary>
    public const string CsvName = "audit.csv";

    /// <summary>Name of the pairs of cases that belong together.</summary>
    public const string PairsName = "pairs.csv";

    /// <summary>
    /// Writes all files; those of an earlier audit are replaced. JSON and CSV depend on the audit alone, the page on its heading too.
    /// </summary>
    /// <param name="audits">The data sets.</param>
    /// <param name="heading">What else the page tells.</param>
    /// <param name="folder">Where to; made where it is missing.</param>
    /// <param name="isRaw">Whether the tables are to be raw CSV.</param>
    public static void Write(IReadOnlyList<DatasetAudit> audits, ReportHeading heading, string folder, bool isRaw = false)
    {
        Directory.CreateDirectory(folder);
        using (var json = new StreamWriter(Path.Combine(folder, JsonName))) Json(audits, json);
        CsvText.Write(Path.Combine(folder, CsvName), isRaw, csv => Csv(audits, csv));
        CsvText.Write(Path.Combine(folder, PairsName), isRaw, csv => Pairs(audits, csv));
        using var page = new StreamWriter(Path.Combine(folder, PageName));
        AuditPage.Write(audits, heading, page);
    }

    /// <summary>The gravest severity, and for each data set its own and its findings.</summary>
    internal static void Json(IReadOnlyList<DatasetAudit> audits, TextWriter output) => output.Write(JsonSerializer.Serialize(
        new
        {
            Severity = audits.Select(a => a.Severity).DefaultIfEmpty(AuditSeverity.Ok).Max(),
            Datasets = audits.Select(a => new { a.Name, a.Severity, NumPairs = a.Pairs.Count, a.Findings }),
        },
        ContractJson.Indented) + "\n");

    /// <summary>One line a finding; metrics as <c>name=value</c>, separated by semicolons.</summary>
    internal static void Csv(IReadOnlyList<DatasetAudit> audits, TextWriter output)
    {
        Line(output, "dataset", "severity", "check", "of", "found", "advice", "num_cases", "metrics");
        foreach (var audit in audits)
        {
            foreach (var finding in audit.Findings)
                Line(output, audit.Name, AuditText.Name(finding.Severity), AuditText.Name(finding.Check), finding.Subject, finding.Found,
                    finding.Advice, finding.Cases.Count,
                    string.Join(';', finding.Metrics.Select(f => FormattableString.Invariant($"{f.Name}={f.Value:G6}"))));
        }
    }

    /// <summary>One line a pair.</summary>
    internal static void Pairs(IReadOnlyList<DatasetAudit> audits, TextWriter output)
    {
        Line(output, "dataset", "kind", "first", "first_file", "first_label", "second", "second_file", "second_label", "same_label",
            "distance", "offset", "crosses");
        foreach (var audit in audits)
        {
            foreach (var pair in audit.Pairs)
                Line(output, audit.Name, AuditText.Name(pair.Pair.Kind), pair.Pair.First, pair.FirstFile, pair.FirstLabel, pair.Pair.Second,
                    pair.SecondFile, pair.SecondLabel,
                    pair.FirstLabel == pair.SecondLabel
                    ? "yes" : "no", Math.Round(pair.Pair.Distance, 6), pair.Pair.Offset, string.Join(' ', pair.Crosses));
        }
    }

    private static void Line(TextWriter output, params object[] fields) => output.Write(CsvText.Line(fields) + "\n");
}
