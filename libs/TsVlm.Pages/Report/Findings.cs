using TsVlm.Contracts;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Results;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Pages.Report;

/// <summary>The pairs of runs that a report judges, each kind of pair judged together.</summary>
internal static class Findings
{
    /// <summary>The best scenario of each test split against the majority class.</summary>
    public static IReadOnlyDictionary<TestGroup, PairedDifference> ToMajority(IReadOnlyList<TestGroup> groups) =>
        Judge([.. groups.Where(g => g.BestScenario?.Metrics is not null)], g => ToMajority(g.BestScenario!, g.MajorityShare));

    /// <summary>The best scenario of each test split against the best baseline.</summary>
    public static IReadOnlyDictionary<TestGroup, PairedDifference> ToBaseline(IReadOnlyList<TestGroup> groups) =>
        Judge([.. groups.Where(g => g is { BestScenario: not null, BestBaseline: not null })], g => Pair(g.BestScenario!, g.BestBaseline!));

    /// <summary>Runs that show nothing of a case, against the majority class.</summary>
    public static IReadOnlyList<PairedDifference> Controls(IReadOnlyList<TestGroup> groups) => PairedDifference.Judge([.. groups
        .SelectMany(g => g.Finished.Where(r => IsControl(r) && r.Metrics is not null).Select(r => ToMajority(r, g.MajorityShare)))]);

    /// <summary>Two finished runs on the same split.</summary>
    public static (double Points, McNemarTest? Test) Pair(ReportRun first, ReportRun second) =>
        (first.Result!.Accuracy - second.Result!.Accuracy, second.Outcomes is { } other ? first.Outcomes?.Against(other) : null);

    private static (double Points, McNemarTest? Test) ToMajority(ReportRun run, double share) =>
        (run.Result!.Accuracy - share, run.Metrics!.AgainstMajority());

    private static Dictionary<TestGroup, PairedDifference> Judge(IReadOnlyList<TestGroup> groups,
        Func<TestGroup, (double Points, McNemarTest? Test)> pair) =>
        groups.Zip(PairedDifference.Judge([.. groups.Select(pair)])).ToDictionary(g => g.First, g => g.Second);

    private static bool IsControl(ReportRun run) =>
        run.Run.FineTuned?.Scenario.Representation is { Arm: Arm.BlankImage, Text: TextKind.None };
}
