using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Tests.Statistics;

/// <summary>Reference values computed with scipy 1.10.1 (t.ppf) and the formulas of the cited papers.</summary>
public sealed class MeanIntervalTests
{
    private static readonly double[] Five = [0.90, 0.88, 0.93, 0.91, 0.86];

    [Fact]
    public void The_interval_of_one_run_is_Wilsons() =>
        Close(new(0.896, 0.8368715137766922, 0.9353520523795937), MeanInterval.Of([[0.896]], 50, 150));

    [Fact]
    public void Over_resamples_the_variance_is_enlarged_as_their_training_cases_overlap() =>
        Close(new(0.896, 0.7618083446029336, 1), MeanInterval.Of([.. Five.Select(a => new[] { a })], 50, 150));

    [Fact]
    public void Over_seeds_it_is_Students_where_the_test_split_is_large() =>
        Close(new(0.896, 0.8624520861507334, 0.9295479138492668), MeanInterval.Of([Five], 50, 10_000));

    [Fact]
    public void Over_seeds_it_is_never_narrower_than_the_test_cases_allow() =>
        Close(new(0.5, 0.4026, 0.5974), MeanInterval.Of([[0.5, 0.5, 0.5]], 50, 97), 1e-3);

    [Fact]
    public void Seeds_are_averaged_within_their_resample()
    {
        var interval = MeanInterval.Of([[0.8, 0.9, 1.0], [0.5]], 100, 100);
        Assert.Equal(0.7, interval.Mean, 12);
    }

    [Fact]
    public void Without_a_number_of_test_cases_there_is_no_interval() => Assert.True(double.IsNaN(MeanInterval.OfShare(0.9, null).Lower));

    private static void Close(MeanInterval expected, MeanInterval found, double tolerance = 1e-9)
    {
        Assert.Equal(expected.Mean, found.Mean, tolerance);
        Assert.Equal(expected.Lower, found.Lower, tolerance);
        Assert.Equal(expected.Upper, found.Upper, tolerance);
    }
}
