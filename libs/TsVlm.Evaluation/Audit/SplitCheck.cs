using TsVlm.Data;
using TsVlm.Data.Splits;

namespace TsVlm.Evaluation.Audit;

/// <summary>
/// Whether a split keeps what the protocols promise (docs/adr/0006): disjoint parts that hold every case, stratified by class.
/// </summary>
internal static class SplitCheck
{
    private const int MinForValidation = 3;
    private const double ValidationShare = 0.2;
    private const double HeldOutShare = 0.1;

    /// <summary>One finding a promise.</summary>
    public static IEnumerable<AuditFinding> Of(Dataset dataset, AuditedSplit split)
    {
        var (train, validation, test) = (split.Cases.Train, split.Cases.Validation, split.Cases.Test);
        List<int> all = [.. train, .. validation, .. test];
        var twice = all.CountBy(i => i).Where(i => i.Value > 1).Select(i => i.Key).Order().ToList();
        yield return Finding(split, twice, "in more than one part of the split, or twice in one",
            "Training, validation and test are disjoint.");
        var strays = all.Where(i => i < 0 || i >= dataset.Cases.Count).Distinct().Order().ToList();
        if (strays.Count > 0)
        {
            yield return Finding(split, strays, "not in the data set", "");
            yield break;
        }
        var lost = Enumerable.Range(0, dataset.Cases.Count).Except(all).ToList();
        yield return Finding(split, lost, "in no part of the split", "Every case is in a part.", AuditSeverity.Warning);
        if (split is { Protocol: Splitter.Official, Resample: 0 })
            yield return Finding(split, [.. test.Where(i => i < dataset.NumOfficialTrain)],
                "of the archive's training file in the test part",
                "The test part is the archive's test file.");
        if (Shares(split) is { } shares) yield return shares;
        var odd = dataset.Classes.Where(c => !IsStratified(dataset, split, c)).ToList();
        yield return new AuditFinding
        {
            Check = AuditCheck.Split, Subject = split.Name, Severity = odd.Count == 0 ? AuditSeverity.Ok : AuditSeverity.Problem,
            Found = odd.Count == 0 ? "Every class has the share of each part that the protocol documents."
                : $"{MetricText.Count(odd.Count, "class has", "classes have")} not the share of each part that the protocol documents: {AuditText.List(odd)}.",
            Advice = odd.Count == 0 ? "" : "Make the split with the protocols of this program; what made this one does not stratify.",
        };
    }

    private static AuditFinding? Shares(AuditedSplit split) =>
        SplitShares.Note(split.Protocol, split.Cases) is not { } note ? null
        : new()
        {
            Check = AuditCheck.Split, Subject = split.Name, Severity = AuditSeverity.Warning, Found = note,
            Advice = "Say so beside the metrics, or use the archive's own split.",
        };

    private static bool IsStratified(Dataset dataset, AuditedSplit split, string label)
    {
        var (train, validation, test) = (Count(split.Cases.Train), Count(split.Cases.Validation), Count(split.Cases.Test));
        var numTrainFile = Count([.. Enumerable.Range(0, dataset.NumOfficialTrain)]);
        var total = Count([.. Enumerable.Range(0, dataset.Cases.Count)]);
        if (split.Protocol == Splitter.Official)
        {
            var expected = numTrainFile < MinForValidation ? 0 : Math.Max(1, (int)Math.Round(ValidationShare * numTrainFile));
            return train + validation == numTrainFile && validation == expected && test == total - numTrainFile;
        }
        return total switch
        {
            0 => true,
            1 => train == 1,
            2 => (train, test) == (1, 1),
            // Shares are apportioned over all classes, so a class may have the whole number above or below its tenth, and one at least.
            _ => validation == test && test >= 1 && (test == 1 || Math.Abs(test - (HeldOutShare * total)) <= 1)
                && train == total - (2 * test),
        };

        int Count(IReadOnlyList<int> cases) => cases.Count(i => dataset.Cases[i].Label == label);
    }

    private static AuditFinding Finding(AuditedSplit split, List<int> cases, string what, string none,
        AuditSeverity severity = AuditSeverity.Problem) => new()
    {
        Check = AuditCheck.Split, Subject = split.Name, Cases = cases,
        Severity = cases.Count == 0 ? AuditSeverity.Ok : severity,
        Found = cases.Count == 0 ? none : $"{MetricText.Count(cases.Count, "case is", "cases are")} {what}.",
        Advice = cases.Count == 0 ? "" : "Make the split anew with the protocols of this program.",
    };
}
