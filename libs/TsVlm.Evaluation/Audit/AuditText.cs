using System.Globalization;

namespace TsVlm.Evaluation.Audit;

/// <summary>Words that findings share.</summary>
public static class AuditText
{
    private const int MaxNames = 6;

    /// <summary>The first names, and how many more there are.</summary>
    public static string List(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MaxNames)) + (names.Count > MaxNames ? $" and {names.Count - MaxNames} more" : "");

    /// <summary>The first case numbers, and how many more there are.</summary>
    public static string Cases(IReadOnlyCollection<int> cases, int max = 12) =>
        string.Join(", ", cases.Take(max)) + (cases.Count > max ? $" and {cases.Count - max} more" : "");

    /// <summary>A severity as people read it.</summary>
    public static string Name(AuditSeverity severity) => severity.ToString().ToLowerInvariant();

    /// <summary>A kind of pair as people read it.</summary>
    public static string Name(PairKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>A check as people read it.</summary>
    public static string Name(AuditCheck check) => check switch
    {
        AuditCheck.Usable => "usable data",
        AuditCheck.LabelInSample => "label in sample",
        AuditCheck.ClassPrior => "class prior",
        AuditCheck.InputShift => "input shift",
        _ => check.ToString().ToLowerInvariant(),
    };

    /// <summary>A number with three significant decimals.</summary>
    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
