using TsVlm.Data;

namespace TsVlm.Evaluator;

/// <summary>What pairs of cases mean for a split: a test case whose twin is learnt from is no test.</summary>
internal static class DuplicateCheck
{
    /// <summary>Findings on one split: twins across its parts.</summary>
    public static IEnumerable<AuditFinding> Of(AuditedSplit split, PairSearch search)
    {
        var pairs = search.Pairs.ToLookup(p => p.Kind);
        var (train, test) = (split.Cases.Train.ToHashSet(), split.Cases.Test.ToHashSet());
        var (validation, learnt) = (split.Cases.Validation.ToHashSet(), split.Learnt.ToHashSet());
        yield return Across(split, AuditCheck.Duplicates, CrossingCases(pairs[PairKind.Equal], learnt, test), isCertain: true,
            "occur, value for value, among the training and validation cases", "occurs, value for value, among the training and validation cases",
            "No test series occurs, value for value, among the training and validation cases.");
        yield return Across(split, AuditCheck.Duplicates, CrossingCases(pairs[PairKind.Near], learnt, test), isCertain: false,
            Near("have a near copy", search), Near("has a near copy", search), "No test series has a near copy among the training and validation cases.");
        yield return Across(split, AuditCheck.Copies, CrossingCases(pairs[PairKind.Overlapping], learnt, test), isCertain: true,
            "share values, one after the other, with a training or validation series, as windows of one recording and contours from another start do",
            "shares values, one after the other, with a training or validation series, as windows of one recording and contours from another start do",
            "No test series overlaps a training or validation series.");
        yield return Across(split, AuditCheck.Copies, CrossingCases(pairs[PairKind.Mirrored].Concat(pairs[PairKind.Reversed]), learnt, test), isCertain: false,
            "are nearly a training or validation series upside down or backwards", "is nearly a training or validation series upside down or backwards",
            "No test series is a training or validation series upside down or backwards.");
        var optimistic = CrossingCases(pairs[PairKind.Equal].Concat(pairs[PairKind.Near]).Concat(pairs[PairKind.Overlapping]), train, validation);
        if (optimistic.Count > 0)
            yield return new AuditFinding
            {
                Check = AuditCheck.Duplicates, Severity = AuditSeverity.Notice, Subject = split.Name, Cases = optimistic,
                Found = $"{FigureText.Count(optimistic.Count, "validation series is", "validation series are")} also, or nearly, among the training cases.",
                Advice = "The validation loss is too low for them; it chooses the checkpoint, so remove one of each pair where they are many.",
            };
    }

    /// <summary>Findings on the data set, whatever the split: repeats within a file, and one series under several labels.</summary>
    public static IEnumerable<AuditFinding> Within(Dataset dataset, PairSearch search)
    {
        if (!search.IsComplete)
            yield return new AuditFinding
            {
                Check = AuditCheck.Duplicates, Severity = AuditSeverity.Warning, Found = $"More than {PairSearch.MaxPairs:N0} pairs of one kind were found; only these are counted.",
                Advice = "Remove copies from the files and audit again.",
            };
        foreach (var (name, isTest) in new[] { ("training file", false), ("test file", true) })
        {
            var repeats = search.Pairs.Where(p => p.Kind is PairKind.Equal && IsTest(p.First) == isTest && IsTest(p.Second) == isTest)
                .Select(p => p.Second).Distinct().Order().ToList();
            if (repeats.Count == 0) continue;
            yield return new AuditFinding
            {
                Check = AuditCheck.Duplicates, Severity = AuditSeverity.Notice, Cases = repeats,
                Found = $"{FigureText.Count(repeats.Count, "series", "series")} of the {name} {(repeats.Count == 1 ? "repeats" : "repeat")} an earlier one, value for value.",
                Advice = isTest ? "Each counts as a case of its own: the test is of fewer different series than it seems, and its intervals are too narrow."
                    : "They weigh twice, and other resamples and protocols put one of two into the test: remove repeats before making new splits.",
            };
        }
        yield return Conflict(dataset, search, [PairKind.Equal], AuditSeverity.Warning, "value for value");
        var near = Conflict(dataset, search, [PairKind.Near], AuditSeverity.Notice, "but for scale, offset and little noise");
        if (near.Severity is not AuditSeverity.Ok) yield return near;

        bool IsTest(int index) => index >= dataset.NumOfficialTrain;
    }

    /// <summary>Cases of the second part that a pair ties to a case of the first part, ascending.</summary>
    public static IReadOnlyList<int> CrossingCases(IEnumerable<SeriesPair> pairs, HashSet<int> learnt, HashSet<int> held) =>
    [
        .. pairs.SelectMany(p => new[] { (From: p.First, To: p.Second), (From: p.Second, To: p.First) })
            .Where(p => learnt.Contains(p.From) && held.Contains(p.To)).Select(p => p.To).Distinct().Order(),
    ];

    private static AuditFinding Across(AuditedSplit split, AuditCheck check, IReadOnlyList<int> cases, bool isCertain, string many, string one, string none)
    {
        if (cases.Count == 0) return new AuditFinding { Check = check, Severity = AuditSeverity.Ok, Subject = split.Name, Found = none };
        var share = (double)cases.Count / split.Cases.Test.Count;
        return new AuditFinding
        {
            Check = check,
            Severity = (isCertain, share >= AuditSettings.ErrorShare) switch
            {
                (true, true) => AuditSeverity.Error,
                (false, false) => AuditSeverity.Notice,
                _ => AuditSeverity.Warning,
            },
            Subject = split.Name,
            Found = $"{FigureText.Count(cases.Count, "test series", "test series")} of {split.Cases.Test.Count} ({FigureText.Percent(share)}) {(cases.Count == 1 ? one : many)}.",
            Advice = isCertain ? $"Accuracy may be too high by up to {FigureText.Percent(share)}: remove these cases from one part, or report accuracy without them."
                : "Look at the pairs in pairs.csv: where they come from one recording, keep them in one part.",
            Cases = cases,
            Figures = [new("share of test cases", share)],
        };
    }

    private static AuditFinding Conflict(Dataset dataset, PairSearch search, PairKind[] kinds, AuditSeverity severity, string how)
    {
        var cases = search.Pairs.Where(p => kinds.Contains(p.Kind) && dataset.Cases[p.First].Label != dataset.Cases[p.Second].Label)
            .SelectMany(p => new[] { p.First, p.Second }).Distinct().Order().ToList();
        if (cases.Count == 0) return new AuditFinding { Check = AuditCheck.Conflicts, Severity = AuditSeverity.Ok, Found = "No series occurs, value for value, under two labels." };
        return new AuditFinding
        {
            Check = AuditCheck.Conflicts, Severity = severity, Cases = cases,
            Found = $"{FigureText.Count(cases.Count, "case has", "cases have")} a twin, {how}, under another label.",
            Advice = "No classifier can have both right: correct the labels, or remove these cases.",
            Figures = [new("share of cases", (double)cases.Count / dataset.Cases.Count)],
        };
    }

    private static string Near(string verb, PairSearch search) =>
        $"{verb} among the training and validation cases (z-normalised distance below {FigureText.Score(search.Tolerance)})";
}
