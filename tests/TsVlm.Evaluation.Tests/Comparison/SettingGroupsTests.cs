using TsVlm.Contracts;
using TsVlm.Evaluation.Comparison;

namespace TsVlm.Evaluation.Tests.Comparison;

public sealed class SettingGroupsTests
{
    private const string Arm = "representation.arm";

    [Fact]
    public void Settings_in_which_scenarios_differ_are_named_and_those_without_effect_are_not()
    {
        RunResult[] results =
        [
            Result("a", new() { Arm = Contracts.Arm.Text, Image = ImageKind.ZoomMosaic }, 0, 0.5),
            Result("b", new() { Arm = Contracts.Arm.Both }, 0, 0.5),
        ];
        Assert.Equal([Arm], SettingGroups.Differing(results));
    }

    [Fact]
    public void Scenarios_of_one_value_are_averaged_within_each_seed_before_the_interval()
    {
        RunResult[] results =
        [
            Result("a", new(), 0, 0.4), Result("a", new(), 1, 0.6), Result("b", new() { ContextLength = 1024 }, 0, 0.6), Result("b", new() { ContextLength = 1024 }, 1, 0.4),
            Result("c", new() { Arm = Contracts.Arm.Text }, 0, 0.9),
        ];
        var groups = SettingGroups.Of(results, Arm);
        Assert.Equal(["both", "text"], groups.Values.Select(value => value.Name));
        var score = groups["A", "both"]!;
        // Both seeds have a mean of 0.5, so the interval is that of 100 test cases alone (Wilson 1927: 0.4038 to 0.5962).
        Assert.Equal((0.5, 4, 1), (score.Accuracy.Mean, score.NumRuns, score.NumResamples));
        Assert.Equal(0.4038, score.Accuracy.Lower, 4);
        Assert.Equal(0.5962, score.Accuracy.Upper, 4);
        Assert.Equal(0.9, groups.Mean("text"));
    }

    [Fact]
    public void A_seed_that_one_scenario_of_a_value_lacks_counts_for_none()
    {
        RunResult[] results = [Result("a", new(), 0, 0.4), Result("a", new(), 1, 0.6), Result("b", new() { ContextLength = 1024 }, 1, 0.8)];
        var groups = SettingGroups.Of(results, Arm);
        Assert.Equal((0.7, 2), (groups["A", "both"]!.Accuracy.Mean, groups["A", "both"]!.NumRuns));
        Assert.Null(SettingGroups.Of([results[0], results[2]], Arm)["A", "both"]);
    }

    private static RunResult Result(string scenario, Representation representation, int seed, double accuracy) => new()
    {
        Run = new()
        {
            Dataset = new("A", "hash"), Split = new("official", 0), Seed = seed,
            FineTuned = new(new() { Name = scenario, Representation = representation }, new("tiny", "tiny", "hash")),
        },
        NumTrain = 100,
        NumTest = 100,
        NumClasses = 2,
        Accuracy = accuracy,
        BalancedAccuracy = accuracy,
        MacroF1 = accuracy,
        Auroc = accuracy,
        Nll = 1,
        Ece = 0,
        TrainSeconds = 0,
        EvalSeconds = 0,
        TrainSamplesPerSecond = 1,
        PeakRssMb = 0,
    };
}
