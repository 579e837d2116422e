using TsVlm.Data;

namespace TsVlm.Evaluation.Audit;

/// <summary>What an audit found on one data set.</summary>
/// <param name="Name">The data set.</param>
/// <param name="Summary">Its metrics; null where it cannot be read.</param>
/// <param name="Findings">By check, the most severe first within each.</param>
/// <param name="Pairs">Pairs of cases that belong together.</param>
public sealed record DatasetAudit(string Name, DatasetSummary? Summary, IReadOnlyList<AuditFinding> Findings,
    IReadOnlyList<AuditedPair> Pairs)
{
    /// <summary>The most severe of all findings.</summary>
    public AuditSeverity Severity => Findings.Select(f => f.Severity).DefaultIfEmpty(AuditSeverity.Ok).Max();

    /// <summary>The most severe of one check; null where it was not made.</summary>
    public AuditSeverity? Of(AuditCheck check) => Findings.Where(f => f.Check == check).Select(f => (AuditSeverity?)f.Severity).Max();

    /// <summary>The audit of a data set that cannot be read: the reason is its one finding.</summary>
    public static DatasetAudit Unreadable(string name, string reason) => new(name, null,
        [new AuditFinding { Check = AuditCheck.Usable, Severity = AuditSeverity.Problem, Found = reason,
            Advice = "Correct the files, then audit again." }], []);
}

/// <summary>A pair with what a reader wants to know of it.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="FirstLabel">Label of the first.</param>
/// <param name="SecondLabel">Label of the second.</param>
/// <param name="FirstFile"><c>train</c> or <c>test</c>: the archive's file of the first.</param>
/// <param name="SecondFile">The same of the second.</param>
/// <param name="Crosses">Names of the splits in which one is learnt from and the other tested.</param>
public sealed record AuditedPair(
    SeriesPair Pair, string FirstLabel, string SecondLabel, string FirstFile, string SecondFile, IReadOnlyList<string> Crosses);
