using TsVlm.Evaluation.Metrics;

namespace TsVlm.Evaluation.Tests.Metrics;

public class RationaleSwapTests
{
    private static readonly int[] Predicted = [0, 0, 1, 1, 2];
    private static readonly string[] Written = ["up", "up", "down", "up", "flat"];

    [Fact]
    public void A_donor_is_predicted_otherwise_and_says_something_else()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var donors = RationaleSwap.Donors(Predicted, Written, seed);
            Assert.Equal(donors, RationaleSwap.Donors(Predicted, Written, seed));
            foreach (var (i, donor) in donors.Index())
            {
                Assert.NotEqual(Predicted[i], Predicted[donor!.Value]);
                Assert.NotEqual(Written[i], Written[donor.Value]);
            }
        }
        Assert.True(Enumerable.Range(0, 20).Select(seed => RationaleSwap.Donors(Predicted, Written, seed)[0]).Distinct().Count() > 1);
    }

    [Fact]
    public void A_case_without_a_donor_is_left_out()
    {
        Assert.All(RationaleSwap.Donors([1, 1, 1], ["a", "b", "c"], 0), Assert.Null);
        Assert.Equal([null, 2, 1], RationaleSwap.Donors([0, 0, 1], ["a", "b", "a"], 0));
        Assert.Equal(new RationaleSwap(0, double.NaN, double.NaN), RationaleSwap.Of([1, 1], [null, null], []));
    }

    [Fact]
    public void Answers_that_follow_their_rationales_flip_to_the_other_class_and_deaf_ones_stay()
    {
        var donors = RationaleSwap.Donors(Predicted, Written, 0);
        int[] following = [.. donors.Select(donor => Predicted[donor!.Value])];
        Assert.Equal(new RationaleSwap(5, 1, 1), RationaleSwap.Of(Predicted, donors, following));
        Assert.Equal(new RationaleSwap(5, 0, 0), RationaleSwap.Of(Predicted, donors, Predicted));
    }

    [Fact]
    public void A_flip_to_a_third_class_is_no_following() =>
        Assert.Equal(new RationaleSwap(2, 1, 0.5), RationaleSwap.Of([0, 1, 2], [1, 2, null], [2, 2]));
}
