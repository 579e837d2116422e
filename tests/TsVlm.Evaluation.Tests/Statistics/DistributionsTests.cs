using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Tests.Statistics;

/// <summary>Reference values: scipy 1.10.1, <c>scipy.stats</c> <c>chi2.sf</c>, <c>f.sf</c>, <c>norm.sf</c> and <c>t.ppf</c>.</summary>
public sealed class DistributionsTests
{
    [Theory]
    [InlineData(9.28, 3, 0.025790724198756772)]
    [InlineData(0.5, 1, 0.47950012218695337)]
    [InlineData(120, 30, 1.0202758541470007e-12)]
    [InlineData(1e-3, 2, 0.9995001249791693)]
    [InlineData(30, 5, 1.4748581038443073e-05)]
    public void The_tail_of_chi_square_is_scipys(double x, double degrees, double expected) =>
        Close(expected, Distributions.ChiSquareTail(x, degrees));

    [Theory]
    [InlineData(3.69, 3, 39, 0.019744099689488835)]
    [InlineData(1, 5, 10, 0.46511942653780014)]
    [InlineData(0.2, 2, 7, 0.8232507233767771)]
    [InlineData(25, 4, 100, 2.3092638912203262e-14)]
    public void The_tail_of_F_is_scipys(double x, double numerator, double denominator, double expected) =>
        Close(expected, Distributions.FTail(x, numerator, denominator));

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1.959963984540054, 0.025)]
    [InlineData(-1, 0.8413447460685429)]
    [InlineData(6, 9.865876450376946e-10)]
    public void The_tail_of_the_normal_distribution_is_scipys(double x, double expected) => Close(expected, Distributions.NormalTail(x));

    [Theory]
    [InlineData(0.975, 1, 12.706204736432095)]
    [InlineData(0.975, 2, 4.302652729911275)]
    [InlineData(0.975, 29, 2.045229642132703)]
    [InlineData(0.9, 2, 1.8856180831641267)] // exactly (2p - 1) sqrt(2 / (1 - (2p - 1)^2))
    public void The_quantiles_of_Student_are_scipys(double probability, double degrees, double expected) =>
        Close(expected, Distributions.StudentQuantile(probability, degrees));

    [Fact]
    public void An_infinite_F_has_no_tail() => Assert.Equal(0, Distributions.FTail(double.PositiveInfinity, 2, 4));

    private static void Close(double expected, double found) => Assert.InRange(found / expected, 1 - 1e-10, 1 + 1e-10);
}
