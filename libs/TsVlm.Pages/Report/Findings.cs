using TsVlm.Contracts;
using TsVlm.Evaluation.Results;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Pages.Report;

/// <summary>How one accuracy stands to another.</summary>
internal enum Verdict
{
    Better,
    WithinNoise,
    Worse,
}

/// <summary>Two accuracies on the same test cases, and by how much they may differ by chance.</summary>
internal readonly record struct Difference(double Points, double Noise)
{
    public Verdict Verdict => Math.Abs(Points) <= Noise ? Verdict.WithinNoise : Points > 0 ? Verdict.Better : Verdict.Worse;

    public static Difference Between(RunResult a, RunResult b) =>
        new(a.Accuracy - b.Accuracy, Binomial.Noise(a.Accuracy, a.NumTest, b.Accuracy, b.NumTest));

    /// <summary>A run against a share that is exact on its test cases, such as the majority class's.</summary>
    public static Difference ToShare(RunResult run, double share)
    {
        var (lower, upper) = Binomial.WilsonInterval(run.Accuracy, run.NumTest);
        return new(run.Accuracy - share, share < run.Accuracy ? run.Accuracy - lower : upper - run.Accuracy);
    }
}

/// <summary>Pairs of runs that differ in the arm alone.</summary>
/// <param name="With">The arm that shows more.</param>
/// <param name="Without">The arm that shows less, or a control.</param>
/// <param name="Pairs">Accuracy with, minus accuracy without.</param>
internal sealed record ArmComparison(Arm With, Arm Without, IReadOnlyList<Difference> Pairs)
{
    private static readonly (Arm With, Arm Without)[] Questions =
    [
        (Arm.Both, Arm.Text), (Arm.Both, Arm.BlankImage), (Arm.Both, Arm.ShuffledImage),
        (Arm.Image, Arm.BlankImage), (Arm.Image, Arm.ShuffledImage), (Arm.Both, Arm.Image),
    ];

    public double MeanPoints => Pairs.Average(p => p.Points);

    public int Count(Verdict verdict) => Pairs.Count(p => p.Verdict == verdict);

    /// <summary>The comparisons that the runs allow, those of the image first.</summary>
    public static IReadOnlyList<ArmComparison> Of(IReadOnlyList<ReportRun> runs)
    {
        var finished = runs.Where(r => r is { Result: not null, Run.FineTuned: not null }).ToList();
        var byContent = finished.GroupBy(r => Content(r.Run, r.Run.FineTuned!.Scenario.Representation.Arm))
            .ToDictionary(g => g.Key, g => g.First().Result!);
        return
        [
            .. from question in Questions
               let pairs = (from run in finished
                            where run.Run.FineTuned!.Scenario.Representation.Arm == question.With
                            let other = byContent.GetValueOrDefault(Content(run.Run, question.Without))
                            where other is not null
                            select Difference.Between(run.Result!, other)).ToList()
               where pairs.Count > 0
               select new ArmComparison(question.With, question.Without, pairs),
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
