using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Tests.Statistics;

public sealed class WilcoxonTestTests
{
    /// <summary>
    /// The example of scipy's documentation of <c>wilcoxon</c>: heights of cross- and self-fertilised corn, statistic 24, P 0.041259765625.
    /// </summary>
    [Fact]
    public void The_example_of_scipys_documentation_has_its_P_value()
    {
        double[] differences = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];
        var test = WilcoxonTest.Of(differences, new double[15]);
        Assert.Equal((13, 0, 2, 120 - 24), (test.Wins, test.Draws, test.Losses, test.RankSum));
        Assert.Equal(0.041259765625, test.PValue, 12);
        Assert.True(test.IsExact);
    }

    /// <summary>
    /// Demšar ranks the two draws too and splits their ranks (section 3.1.3: R+ = 93, R- = 12); setting them aside lowers each of
    /// the other ranks by two. P counted by enumeration of all 2^n signs of the shared ranks, in Python.
    /// </summary>
    [Theory]
    [InlineData(0, 1, 2, 2, 10, 6.5, 0.00732421875)]
    [InlineData(0, 2, 6, 1, 7, 43, 0.8779296875)]
    [InlineData(1, 3, 5, 3, 6, 22, 0.353515625)]
    [InlineData(2, 3, 4, 1, 9, 14.5, 0.02783203125)]
    public void With_ties_and_draws_P_is_the_count_over_all_signs(int first, int second, int wins, int draws, int losses, double rankSum,
        double p)
    {
        var test = WilcoxonTest.Of(DemsarExample.Column(first), DemsarExample.Column(second));
        Assert.Equal((wins, draws, losses, rankSum), (test.Wins, test.Draws, test.Losses, test.RankSum));
        Assert.Equal(p, test.PValue, 12);
    }

    [Fact]
    public void The_rank_sums_agree_with_those_that_Demsar_prints()
    {
        var test = WilcoxonTest.Of(DemsarExample.Column(1), DemsarExample.Column(0));
        Assert.Equal(93, test.RankSum + (2 * test.Wins) + 1.5);
        Assert.Equal(12, 78 - test.RankSum + (2 * test.Losses) + 1.5);
    }

    /// <summary>scipy 1.10.1: wilcoxon(differences, mode='approx'), with zero_method='wilcox' and no continuity correction.</summary>
    [Theory]
    [InlineData(70, 37, 101, 43, 0.06169182174808458)]
    [InlineData(60, 17, 23, 9, 0.01799658924400998)]
    public void Above_fifty_differences_P_is_scipys_normal_approximation_with_correction_for_ties(int count, int step, int modulus,
        int shift, double p)
    {
        var differences = Enumerable.Range(0, count).Select(i => (((i * step) % modulus) - shift) / 1000.0).ToList();
        var test = WilcoxonTest.Of([.. differences.Select(d => 0.5 + d)], [.. differences.Select(_ => 0.5)]);
        Assert.False(test.IsExact);
        Assert.Equal(p, test.PValue, 10);
    }

    /// <summary>scipy 1.10.1: wilcoxon of the first 50 with mode='exact', of all 51 with mode='approx'.</summary>
    [Fact]
    public void Up_to_fifty_differences_P_is_exact()
    {
        double[] differences = [.. Enumerable.Range(1, 51).Select(i => i % 3 == 0 ? -i : (double)i)];
        var (fifty, more) = (WilcoxonTest.Of(differences[..50], new double[50]), WilcoxonTest.Of(differences, new double[51]));
        Assert.Equal((true, false), (fifty.IsExact, more.IsExact));
        Assert.Equal(0.02616696817119646, fifty.PValue, 12);
        Assert.Equal(0.055852182035584695, more.PValue, 10);
    }

    [Fact]
    public void Level_everywhere_is_no_difference()
    {
        var test = WilcoxonTest.Of([0.5, 0.7], [0.5, 0.7]);
        Assert.Equal((0, 2, 0, 1), (test.Wins, test.Draws, test.Losses, test.PValue));
    }

    [Fact]
    public void The_test_is_the_same_from_both_sides()
    {
        var (there, back) = (WilcoxonTest.Of(DemsarExample.Column(0), DemsarExample.Column(3)),
            WilcoxonTest.Of(DemsarExample.Column(3), DemsarExample.Column(0)));
        Assert.Equal(there.PValue, back.PValue, 14);
        Assert.Equal((there.Wins, there.Losses), (back.Losses, back.Wins));
    }

    [Fact]
    public void Equal_differences_share_a_rank_whatever_floating_point_makes_of_them()
    {
        // 0.9 - 0.8 and 0.8 - 0.7 differ by 1e-16.
        var test = WilcoxonTest.Of([0.9, 0.7], [0.8, 0.8]);
        Assert.Equal(1.5, test.RankSum);
        Assert.Equal(1, test.PValue);
    }

    [Fact]
    public void Five_data_sets_cannot_show_a_difference_at_5_per_cent()
    {
        var test = WilcoxonTest.Of([0.9, 0.91, 0.92, 0.93, 0.94], [0.1, 0.2, 0.3, 0.4, 0.5]);
        Assert.Equal(0.0625, test.PValue, 12);
        Assert.Equal(0.0625, WilcoxonTest.LeastPValue(5));
    }

    [Fact]
    public void Scores_on_different_data_sets_are_refused() => Assert.Throws<ArgumentException>(() => WilcoxonTest.Of([1], [1, 2]));
}
