using TsVlm.Data;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Audit;

/// <summary>Shares of the classes: in training against test, in the extreme, and of the largest class.</summary>
internal static class ClassPriorCheck
{
    private const double MinVariation = 0.1;
    private const double DominantShare = 0.8;
    private const double ImbalanceRatio = 3;
    private const int FewCases = 5;

    /// <summary>Findings on one split.</summary>
    public static IEnumerable<AuditFinding> Of(Dataset dataset, AuditedSplit split, int seed)
    {
        var (learnt, test) = (Classes(dataset, split.Learnt), Classes(dataset, split.Cases.Test));
        if (learnt.Length == 0 || test.Length == 0) yield break;   // the check of the split says so
        var (inLearnt, inTest) = (HomogeneityTest.Counts(learnt, dataset.Classes.Count),
            HomogeneityTest.Counts(test, dataset.Classes.Count));
        yield return Shift(split, HomogeneityTest.Of(learnt, test, seed));

        foreach (var finding in Absent(dataset, split, inLearnt, inTest)) yield return finding;
        var share = (double)inLearnt.Max() / learnt.Length;
        var smallest = inLearnt.Where(c => c > 0).Min();
        if (share >= DominantShare || inLearnt.Max() >= ImbalanceRatio * smallest)
            yield return Finding(split, share >= DominantShare ? AuditSeverity.Warning : AuditSeverity.Note,
                $"Classes are imbalanced: the largest, {dataset.Classes[inLearnt.IndexOf(inLearnt.Max())]}, has {MetricText.Percent(share)} of the training and validation cases, "
                + $"the smallest {MetricText.Count(smallest, "case")}.",
                "Read balanced accuracy and macro F1 beside accuracy, and the majority baseline first.",
                    [new("share of the largest class", share)]);
        var few = dataset.Classes.Where((_, c) => inLearnt[c] is > 0 and < FewCases).ToList();
        if (few.Count > 0)
            yield return Finding(split, AuditSeverity.Note,
                $"{MetricText.Count(few.Count, "class has", "classes have")} fewer than {FewCases} training and validation cases: {AuditText.List(few)}.",
                "Expect little of fine-tuning there; take several seeds and resamples before you conclude.", []);
    }

    private static int[] Classes(Dataset dataset, IReadOnlyList<int> cases)
    {
        var places = dataset.Classes.Index().ToDictionary(c => c.Item, c => c.Index);
        return [.. cases.Select(i => places[dataset.Cases[i].Label])];
    }

    private static AuditFinding Shift(AuditedSplit split, HomogeneityTest test)
    {
        var (differs, isLarge) = (test.PValue < AuditSettings.Level, test.TotalVariation >= MinVariation);
        var severity = differs ? isLarge ? AuditSeverity.Warning : AuditSeverity.Note : AuditSeverity.Ok;
        var metrics = $"total variation {MetricText.Score(test.TotalVariation)}, {MetricText.P(test.PValue)}{(test.IsPermuted ? ", by permutation" : "")}";
        return Finding(split, severity,
            differs ? $"Classes have other shares in the test than in training and validation ({metrics})."
                : $"The shares of the classes in training and test differ no more than by chance ({metrics}).",
            differs ? "A model that learns the training shares is held against others: compare balanced accuracy, or use a protocol that stratifies (80-10-10)." : "",
            [new("total variation", test.TotalVariation), new("P", test.PValue)]);
    }

    private static IEnumerable<AuditFinding> Absent(Dataset dataset, AuditedSplit split, int[] inLearnt, int[] inTest)
    {
        var unlearnt = dataset.Classes.Where((_, c) => inLearnt[c] == 0 && inTest[c] > 0).ToList();
        if (unlearnt.Count > 0)
            yield return Finding(split, AuditSeverity.Problem,
                $"{MetricText.Count(unlearnt.Count, "class", "classes")} with test cases have no training case: {AuditText.List(unlearnt)}.",
                "Nothing can learn them: add training cases, or remove their test cases.", []);
        var empty = dataset.Classes.Where((_, c) => inLearnt[c] == 0 && inTest[c] == 0).ToList();
        if (empty.Count > 0)
            yield return Finding(split, AuditSeverity.Warning,
                $"{MetricText.Count(empty.Count, "class has", "classes have")} no case in any part: {AuditText.List(empty)}.",
                "The prompt offers them as an answer all the same: take them out of the header.", []);
        var untested = dataset.Classes.Where((_, c) => inLearnt[c] > 0 && inTest[c] == 0).ToList();
        if (untested.Count > 0)
            yield return Finding(split, AuditSeverity.Warning,
                $"{MetricText.Count(untested.Count, "class has", "classes have")} no test case: {AuditText.List(untested)}.",
                "No metric says anything of them, and means over classes are over fewer.", []);
    }

    private static AuditFinding Finding(AuditedSplit split, AuditSeverity severity, string found, string advice,
        IReadOnlyList<AuditMetric> metrics) => new()
    {
        Check = AuditCheck.ClassPrior, Subject = split.Name, Severity = severity, Found = found, Advice = advice, Metrics = metrics,
    };
}
