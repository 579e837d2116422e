using TsVlm.Data;

namespace TsVlm.Evaluation.Audit;

/// <summary>
/// What pairs of cases mean: a test case whose twin is learnt from is no test, and one series under two labels has no right answer.
/// </summary>
internal static class DuplicateCheck
{
    /// <summary>Findings on one split: twins across its parts and within each.</summary>
    public static IEnumerable<AuditFinding> Of(Dataset dataset, AuditedSplit split, PairSearch search)
    {
        var pairs = search.Pairs.ToLookup(p => p.Kind);
        var near = $"(z-normalised distance below {MetricText.Score(search.Tolerance)})";
        yield return Across(dataset, split, AuditCheck.Duplicates, pairs[PairKind.Equal], isCertain: true,
            "occurs, value for value, among the training and validation cases",
            "occur, value for value, among the training and validation cases",
            "No test series occurs, value for value, among the training and validation cases.");
        yield return Across(dataset, split, AuditCheck.Duplicates, pairs[PairKind.Near], isCertain: false,
            $"has a near copy among the training and validation cases {near}",
            $"have a near copy among the training and validation cases {near}",
            $"No test series has a near copy among the training and validation cases {near}.");
        yield return Across(dataset, split, AuditCheck.Overlaps, pairs[PairKind.Overlapping], isCertain: true,
            "shares consecutive values with a training or validation series, as windows of one recording do",
            "share consecutive values with a training or validation series, as windows of one recording do",
            "No test series overlaps a training or validation series.");
        var (train, validation) = (split.Cases.Train.ToHashSet(), split.Cases.Validation.ToHashSet());
        var between = search.Pairs.Where(p => Crosses(p, train, validation)).ToList();
        if (between.Count > 0)
            yield return Note(dataset, split, Touched(between, validation), between, "validation",
                "is also, or nearly, among the training cases", "are also, or nearly, among the training cases",
                "The validation loss that chooses the checkpoint is too low for them: remove one of each pair where they are many.");
        foreach (var (name, part, advice) in new[]
        {
            ("training", train, "They weigh twice, and other resamples and protocols put one of two into the test: remove repeats before making new splits."),
            ("validation", validation,
            "They weigh twice in the loss that chooses the checkpoint: remove one of each pair where they are many."),
            ("test", split.Cases.Test.ToHashSet(),
            "Each counts as a case of its own: the test is of fewer different series than it seems, and its intervals are too narrow."),
        })
        {
            var within = search.Pairs.Where(p => p.Kind is PairKind.Equal or PairKind.Near && part.Contains(p.First)
                && part.Contains(p.Second)).ToList();
            if (within.Count == 0) continue;
            var (numEqual, numAll) = (Repeats(within.Where(p => p.Kind is PairKind.Equal)).Count, Repeats(within).Count);
            yield return Note(dataset, split, Repeats(within), within, name,
                numEqual == 1 ? "repeats an earlier one of that part, value for value" : "nearly repeats an earlier one of that part",
                numEqual == 0 ? "nearly repeat an earlier one of that part" : numEqual == numAll
                ? "repeat an earlier one of that part, value for value"
                    : $"repeat an earlier one of that part, {numEqual} of them value for value and {numAll - numEqual} nearly", advice);
        }
    }

    /// <summary>Findings on the data set, whatever the split: one series under several labels.</summary>
    public static IEnumerable<AuditFinding> Within(Dataset dataset, PairSearch search)
    {
        if (!search.IsComplete)
            yield return new AuditFinding
            {
                Check = AuditCheck.Duplicates, Severity = AuditSeverity.Warning,
                Found = $"More than {PairSearch.MaxPairs:N0} pairs of one kind were found; only these are counted.",
                Advice = "Remove copies from the files and audit again.",
            };
        yield return Conflict(dataset, search, PairKind.Equal, AuditSeverity.Warning, "value for value");
        var near = Conflict(dataset, search, PairKind.Near, AuditSeverity.Note, "but for scale, offset and little noise");
        if (near.Severity is not AuditSeverity.Ok) yield return near;
    }

    /// <summary>Whether one case of the pair is in the one part and the other in the other.</summary>
    public static bool Crosses(SeriesPair pair, HashSet<int> part, HashSet<int> other) =>
        (part.Contains(pair.First) && other.Contains(pair.Second)) || (part.Contains(pair.Second) && other.Contains(pair.First));

    private static AuditFinding Across(
        Dataset dataset, AuditedSplit split, AuditCheck check, IEnumerable<SeriesPair> pairs, bool isCertain, string one, string many,
        string none)
    {
        var (learnt, test) = (split.Learnt.ToHashSet(), split.Cases.Test.ToHashSet());
        var crossing = pairs.Where(p => Crosses(p, learnt, test)).ToList();
        if (crossing.Count == 0) return new AuditFinding { Check = check, Severity = AuditSeverity.Ok, Subject = split.Name, Found = none };
        var cases = Touched(crossing, test);
        var share = (double)cases.Count / test.Count;
        return new AuditFinding
        {
            Check = check,
            Severity = (isCertain, share >= AuditSettings.ProblemShare) switch
            {
                (true, true) => AuditSeverity.Problem,
                (false, false) => AuditSeverity.Note,
                _ => AuditSeverity.Warning,
            },
            Subject = split.Name,
            Found = $"{MetricText.Count(cases.Count, "test series", "test series")} of {test.Count} ({MetricText.Percent(share)}) {(cases.Count == 1 ? one : many)}"
                + $"{Contradictions(dataset, crossing, [.. cases])}.",
            Advice = isCertain ? $"Accuracy may be wrong by up to {MetricText.Percent(share)}: remove these cases from one part, or report accuracy without them."
                : "Look at the pairs in pairs.csv: where they come from one recording, keep them in one part.",
            Cases = cases,
            Metrics = [new("share of test cases", share)],
        };
    }

    private static AuditFinding Note(
        Dataset dataset, AuditedSplit split, List<int> cases, List<SeriesPair> pairs, string part, string one, string many,
        string advice) => new()
        {
            Check = AuditCheck.Duplicates, Severity = AuditSeverity.Note, Subject = split.Name, Cases = cases,
            Found = $"{MetricText.Count(cases.Count, $"{part} series", $"{part} series")} {(cases.Count == 1 ? one : many)}{Contradictions(dataset, pairs, [.. cases])}.",
            Advice = advice,
        };

    private static string Contradictions(Dataset dataset, IEnumerable<SeriesPair> pairs, HashSet<int> cases)
    {
        var count = Touched(pairs.Where(p => IsConflict(dataset, p)), cases).Count;
        return count == 0 ? "" : cases.Count == 1 ? ", under another label" : $", {count} of them under another label";
    }

    private static AuditFinding Conflict(Dataset dataset, PairSearch search, PairKind kind, AuditSeverity severity, string how)
    {
        var cases = search.Pairs.Where(p => p.Kind == kind && IsConflict(dataset, p)).SelectMany(p => new[] { p.First, p.Second })
            .Distinct().Order().ToList();
        if (cases.Count == 0)
            return new AuditFinding { Check = AuditCheck.Conflicts, Severity = AuditSeverity.Ok,
                Found = "No series occurs, value for value, under two labels." };
        return new AuditFinding
        {
            Check = AuditCheck.Conflicts, Severity = severity, Cases = cases,
            Found = $"{MetricText.Count(cases.Count, "case has", "cases have")} a twin, {how}, under another label.",
            Advice = severity is AuditSeverity.Note
            ? "Look at them in pairs.csv: what tells these classes apart is scale, offset or very little, or a label is wrong."
                : "No classifier can have both right: correct the labels, or remove these cases.",
            Metrics = [new("share of cases", (double)cases.Count / dataset.Cases.Count)],
        };
    }

    private static bool IsConflict(Dataset dataset, SeriesPair pair) => dataset.Cases[pair.First].Label != dataset.Cases[pair.Second].Label;

    private static List<int> Touched(IEnumerable<SeriesPair> pairs, HashSet<int> part) =>
        [.. pairs.SelectMany(p => new[] { p.First, p.Second }).Where(part.Contains).Distinct().Order()];

    private static List<int> Repeats(IEnumerable<SeriesPair> pairs) =>
        [.. pairs.Select(p => Math.Max(p.First, p.Second)).Distinct().Order()];
}
