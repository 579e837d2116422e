using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Tests.Statistics;

public sealed class HolmCorrectionTests
{
    [Fact]
    public void Each_P_is_multiplied_by_the_tests_not_yet_decided_and_never_falls_below_the_one_before()
    {
        // By hand: 4 * 0.01, 3 * 0.02, 2 * 0.03 and then 0.031 would be less than 0.06.
        Assert.Equal([0.06, 0.04, 0.06, 0.06], HolmCorrection.Adjust([0.03, 0.01, 0.031, 0.02]).Select(p => Math.Round(p, 12)));
    }

    [Fact]
    public void No_adjusted_P_exceeds_one() =>
        Assert.Equal([1, 1, 0.3], HolmCorrection.Adjust([0.6, 0.9, 0.1]).Select(p => Math.Round(p, 12)));

    [Fact]
    public void One_test_is_not_corrected() => Assert.Equal([0.04], HolmCorrection.Adjust([0.04]));
}
