using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Tests.Statistics;

public sealed class HomogeneityTests
{
    /// <summary>
    /// By hand: 60 (10 * 10 - 20 * 20)^2 / 30^4 = 6.667; its tail, two of the normal distribution beyond 2.582, is 0.00982.
    /// </summary>
    [Fact]
    public void Two_by_two_counts_have_the_chi_square_of_the_formula()
    {
        var test = HomogeneityTest.Of(Cases(10, 20), Cases(20, 10), seed: 1);
        Assert.Equal(60 * 90000 / 810000.0, test.ChiSquare, 1e-12);
        Assert.Equal(0.00982, test.PValue, 1e-5);
        Assert.Equal(1 / 3.0, test.TotalVariation, 1e-12);
        Assert.False(test.IsPermuted);
    }

    /// <summary>
    /// The example in the documentation of scipy.stats.chi2_contingency: statistic 2.7777777777777777, P 0.24935220877729619; by hand
    /// exp(-25/18).
    /// </summary>
    [Fact]
    public void Three_classes_have_the_P_that_scipy_gives()
    {
        var test = HomogeneityTest.Of(Cases(10, 10, 20), Cases(20, 20, 20), seed: 1);
        Assert.Equal(2.7777777777777777, test.ChiSquare, 1e-12);
        Assert.Equal(0.24935220877729619, test.PValue, 1e-9);
    }

    /// <summary>Of C(6, 3) = 20 ways to draw the first sample, two are so extreme.</summary>
    [Fact]
    public void Few_cases_are_counted_over_exchanges()
    {
        var test = HomogeneityTest.Of(Cases(3, 0), Cases(0, 3), seed: 1);
        Assert.True(test.IsPermuted);
        Assert.InRange(test.PValue, 0.08, 0.12);
        Assert.Equal(1, test.TotalVariation);
    }

    [Fact]
    public void One_class_is_the_same_everywhere() =>
        Assert.Equal(new HomogeneityTest(0, 1, 0, false), HomogeneityTest.Of(Cases(4), Cases(7), seed: 1));

    [Fact]
    public void An_empty_sample_is_refused() => Assert.Throws<ArgumentException>(() => HomogeneityTest.Of(Cases(4), [], seed: 1));

    [Fact]
    public void A_permutation_test_is_repeatable_and_never_certain()
    {
        int[] labels = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];
        var test = PermutationTest.Of(labels, l => l.Take(8).Count(c => c == 0), 99, seed: 3);
        Assert.Equal((8, 0.01), (test.Observed, test.PValue));
        Assert.Equal(4, test.Mean, 0.5);
        Assert.Equal(test, PermutationTest.Of(labels, l => l.Take(8).Count(c => c == 0), 99, seed: 3));
    }

    private static int[] Cases(params int[] counts) => [.. counts.Index().SelectMany(c => Enumerable.Repeat(c.Index, c.Item))];
}
