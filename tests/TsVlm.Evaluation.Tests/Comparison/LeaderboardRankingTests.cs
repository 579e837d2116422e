using TsVlm.Contracts;
using TsVlm.Evaluation.Comparison;

namespace TsVlm.Evaluation.Tests.Comparison;

public sealed class LeaderboardRankingTests
{
    [Fact]
    public void Equal_means_over_seeds_share_their_rank_whatever_the_order_of_the_seeds()
    {
        RunResult[] results =
        [
            Result("a", 0, 0.1), Result("a", 1, 0.2), Result("a", 2, 0.3),
            Result("b", 0, 0.3), Result("b", 1, 0.2), Result("b", 2, 0.1),
            Result("c", 0, 0.1),
        ];
        var entries = LeaderboardRanking.Of("official", results).Entries.ToDictionary(e => e.Scenario);
        Assert.Equal((1.5, 1.5, 3), (entries["baseline:a"].MeanRank, entries["baseline:b"].MeanRank, entries["baseline:c"].MeanRank));
    }

    private static RunResult Result(string baseline, int seed, double accuracy) => new()
    {
        Run = new() { Dataset = new("A", "hash"), Split = new("official", 0), Seed = seed, Baseline = baseline },
        NumTrain = 10,
        NumTest = 10,
        NumClasses = 2,
        Accuracy = accuracy,
        BalancedAccuracy = accuracy,
        MacroF1 = accuracy,
        Auroc = double.NaN,
        Nll = 1,
        Ece = 0,
        TrainSeconds = 0,
        EvalSeconds = 0,
        TrainSamplesPerSecond = 0,
        PeakRssMb = 0,
    };
}
