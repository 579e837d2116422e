using TsVlm.Contracts;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Report;

/// <summary>Pairs of runs that differ in the arm alone, judged together.</summary>
/// <param name="With">The arm that shows more.</param>
/// <param name="Without">The arm that shows less, or a control.</param>
/// <param name="Pairs">With, against without.</param>
internal sealed record ArmComparison(Arm With, Arm Without, IReadOnlyList<PairedDifference> Pairs)
{
    private static readonly (Arm With, Arm Without)[] Questions =
    [
        (Arm.Both, Arm.Text), (Arm.Both, Arm.BlankImage), (Arm.Both, Arm.ShuffledImage),
        (Arm.Image, Arm.BlankImage), (Arm.Image, Arm.ShuffledImage), (Arm.Both, Arm.Image),
    ];

    public double MeanPoints => Pairs.Average(p => p.Points);

    /// <summary>Discordant cases of all pairs: right with alone, right without alone.</summary>
    public (int With, int Without) Discordant => (Pairs.Sum(p => p.Test?.OnlyFirst ?? 0), Pairs.Sum(p => p.Test?.OnlySecond ?? 0));

    /// <summary>The smallest P of the pairs after correction; NaN without a test.</summary>
    public double LeastPValue => Pairs.Select(p => p.PValue).Where(p => !double.IsNaN(p)).DefaultIfEmpty(double.NaN).Min();

    public int Count(Verdict verdict) => Pairs.Count(p => p.Verdict == verdict);

    /// <summary>The comparisons that the runs allow, those of the image first.</summary>
    public static IReadOnlyList<ArmComparison> Of(IReadOnlyList<ReportRun> runs)
    {
        var finished = runs.Where(r => r is { Result: not null, Run.FineTuned: not null }).ToList();
        var byContent = finished.GroupBy(r => Content(r.Run, r.Run.FineTuned!.Scenario.Representation.Arm))
            .ToDictionary(g => g.Key, g => g.First());
        return
        [
            .. from question in Questions
               let pairs = (from run in finished
                            where run.Run.FineTuned!.Scenario.Representation.Arm == question.With
                            let other = byContent.GetValueOrDefault(Content(run.Run, question.Without))
                            where other is not null
                            select Findings.Pair(run, other)).ToList()
               where pairs.Count > 0
               select new ArmComparison(question.With, question.Without, PairedDifference.Judge(pairs)),
        ];
    }

    /// <summary>All that determines the run, had its scenario that arm.</summary>
    private static (DatasetReference, SplitReference, int Seed, string Model, string Scenario, Arm) Content(RunSpec run, Arm arm)
    {
        var (scenario, model) = run.FineTuned!;
        var withArm = scenario with { Representation = scenario.Representation with { Arm = arm } };
        return (run.Dataset, run.Split, run.Seed, model.ContentHash, withArm.ContentHash, arm);
    }
}
