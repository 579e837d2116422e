using TsVlm.Client;
using TsVlm.Contracts.Http;
using TsVlm.Data;
using TsVlm.Evaluation.Audit;

namespace TsVlm.Web.Datasets;

/// <summary>An audit as the sections of the audit's report take it.</summary>
internal static class AuditOf
{
    /// <summary>The audit of a server's answer.</summary>
    /// <exception cref="ServerException">The server knows checks that these pages do not.</exception>
    public static DatasetAudit Response(DatasetDetails details, DatasetAuditResponse audit) => new(audit.Name, Summary(details),
        [.. audit.Findings.Select(finding => new AuditFinding
        {
            Check = Read<AuditCheck>(finding.Check), Severity = Read<AuditSeverity>(finding.Severity), Subject = finding.Subject, Found = finding.Found,
            Advice = finding.Advice, Cases = finding.Cases,
        })],
        [.. audit.Pairs.Select(pair => new AuditedPair(new(Read<PairKind>(pair.Kind), pair.First, pair.Second, pair.Distance, pair.Offset),
            pair.FirstLabel, pair.SecondLabel, pair.FirstFile, pair.SecondFile, pair.Crosses))]);

    private static DatasetSummary Summary(DatasetDetails details) => new()
    {
        Name = details.Name,
        NumTrain = details.NumTrain,
        NumTest = details.NumTest,
        NumChannels = details.NumChannels,
        MinLength = details.MinLength,
        MaxLength = details.MaxLength,
        Classes = [.. Enumerable.Repeat("", details.NumClasses)],   // the answer has only their number
        LargestTrainShare = double.NaN,
        SmallestTrainClass = 0,
        NumMissing = details.NumMissing,
        Warnings = details.Warnings,
    };

    private static T Read<T>(string name) where T : struct, Enum => Enum.TryParse<T>(name.Replace("-", "", StringComparison.Ordinal), true, out var value)
        ? value
        : throw new ServerException($"Audit: expected one of {string.Join(", ", Enum.GetNames<T>())}, found '{name}'. Are pages and server of one version?");
}
