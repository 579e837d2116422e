using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Tests.Statistics;

public sealed class McNemarTestTests
{
    /// <summary>
    /// Computed from the formula in whole numbers (Python's fractions); 86 and 150 is the example of R's exact2x2, P = 3.716e-05.
    /// </summary>
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(5, 0, 0.0625)]
    [InlineData(0, 6, 0.03125)]
    [InlineData(3, 12, 0.03515625)]
    [InlineData(10, 10, 1)]
    [InlineData(52, 38, 0.17024239504607377)]
    [InlineData(121, 59, 4.434449263755176e-06)]
    [InlineData(86, 150, 3.715936139571442e-05)]
    [InlineData(900, 1100, 8.457089535503927e-06)]
    public void P_is_twice_the_binomial_tail(int onlyFirst, int onlySecond, double expected)
    {
        var test = McNemarTest.Of(onlyFirst, onlySecond);
        Assert.Equal(expected, test.PValue, expected * 1e-14);
        Assert.Equal(test.PValue, McNemarTest.Of(onlySecond, onlyFirst).PValue);
        Assert.Equal((onlyFirst, onlySecond), (test.OnlyFirst, test.OnlySecond));
    }

    [Fact]
    public void P_is_exact_where_a_power_of_two_leaves_the_range_of_a_double() =>
        Assert.Equal(0.3245815463313939, McNemarTest.Of(5000, 5100).PValue, 1e-14);

    [Fact]
    public void Negative_counts_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => McNemarTest.Of(-1, 2));
}
