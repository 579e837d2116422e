using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Tests.Statistics;

public sealed class FriedmanTestTests
{
    private static FriedmanTest Demsar { get; } = FriedmanTest.Of([.. DemsarExample.Scores.Select(row => Ranks.Descending(row))]);

    [Fact]
    public void The_mean_ranks_of_Demsars_example_are_those_of_his_table_2() =>
        Assert.Equal([3.143, 2.000, 2.893, 1.964], Demsar.MeanRanks.Select(r => Math.Round(r, 3)));

    [Fact]
    public void Without_correction_for_ties_the_statistics_are_those_that_Demsar_prints()
    {
        Assert.Equal(9.28, Demsar.PlainChiSquare, 2);
        Assert.Equal(3.69, FriedmanTest.ImanDavenport(Demsar.PlainChiSquare, 14, 4), 2);
    }

    /// <summary>scipy 1.10.1: friedmanchisquare of the four columns, and f.sf of Iman and Davenport's F.</summary>
    [Fact]
    public void With_correction_for_ties_the_statistics_are_scipys()
    {
        Assert.Equal(10.228346456692925, Demsar.ChiSquare, 10);
        Assert.Equal(0.016721580328441323, Demsar.PValue, 10);
        Assert.Equal(4.1851301115241695, Demsar.F, 10);
        Assert.Equal(0.011620659515310954, Demsar.FPValue, 10);
    }

    [Fact]
    public void Classifiers_that_are_level_everywhere_do_not_differ()
    {
        var test = FriedmanTest.Of([.. Enumerable.Range(0, 5).Select(_ => Ranks.Descending([0.7, 0.7, 0.7]))]);
        Assert.Equal([2, 2, 2], test.MeanRanks);
        Assert.Equal((1, 1), (test.PValue, test.FPValue));
        Assert.True(double.IsNaN(test.ChiSquare));
    }

    [Fact]
    public void The_same_order_on_every_data_set_is_the_largest_statistic_there_is()
    {
        var test = FriedmanTest.Of([.. Enumerable.Range(0, 6).Select(_ => Ranks.Descending([0.9, 0.8, 0.7]))]);
        Assert.Equal(12, test.ChiSquare, 10);   // N (k - 1)
        Assert.Equal(double.PositiveInfinity, test.F);
        Assert.Equal(0, test.FPValue);
    }

    [Fact]
    public void Too_little_to_test_is_refused()
    {
        Assert.Contains("found 2 on 5",
            Assert.Throws<ArgumentException>(() => FriedmanTest.Of([.. Enumerable.Repeat<double[]>([1, 2], 5)])).Message);
        Assert.Contains("found 3 on 1", Assert.Throws<ArgumentException>(() => FriedmanTest.Of([[1, 2, 3]])).Message);
        Assert.Throws<ArgumentException>(() => FriedmanTest.Of([]));
    }

    [Fact]
    public void Ties_share_the_mean_of_the_places_they_take()
    {
        Assert.Equal([2.5, 1, 2.5, 4], Ranks.Descending([0.8, 0.9, 0.8, 0.1]));
        Assert.Equal([2, 2, 2], Ranks.Ascending([5, 5, 5]));
        Assert.Empty(Ranks.Ascending([]));
    }
}
