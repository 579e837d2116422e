using TsVlm.Representations.Text;

namespace TsVlm.Representations.Tests.Text;

public class ChannelStatisticsTests
{
    [Fact]
    public void Statistics_equal_those_computed_by_hand()
    {
        // Values 2, 4, 4, 6, 14 about their mean 6: deviations -4, -2, -2, 0, 8; squares 88; cubes 432; fourth powers 4384.
        var statistics = ChannelStatistics.Of([2, 4, 4, 6, 14]);
        Assert.Equal(6, statistics.Mean, 12);
        Assert.Equal(88.0 / 5, statistics.Variance, 12);
        Assert.Equal((2, 14, 12, 4), (statistics.Minimum, statistics.Maximum, statistics.Range, statistics.Median));
        Assert.Equal(432.0 / 5 / Math.Pow(88.0 / 5, 1.5), statistics.Skewness, 12);
        Assert.Equal((4384.0 / 5 / (88.0 / 5) / (88.0 / 5)) - 3, statistics.Kurtosis, 12);
        // Products of neighbours: 8 + 4 + 0 + 0 = 12.
        Assert.Equal(12.0 / 88, statistics.LagOneAutocorrelation, 12);
        // Least squares on 0..4: sum of (t - 2) * value = -4 - 4 + 0 + 6 + 28 = 26, over 10, times 4 steps.
        Assert.Equal(10.4, statistics.FittedChange, 12);
        Assert.Equal(1, statistics.MeanCrossings);
    }

    [Fact]
    public void Missing_values_are_left_out_and_counted()
    {
        var statistics = ChannelStatistics.Of([double.NaN, 1, double.NaN, 3]);
        Assert.Equal((4, 2, 2, 2, 1), (statistics.Length, statistics.NumMissing, statistics.Mean, statistics.Median, statistics.Deviation));
        Assert.Equal(3, statistics.FittedChange, 12);
    }

    [Theory]
    [InlineData(new[] { 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1 }, 0.1)]
    [InlineData(new[] { 5.0 }, 5.0)]
    [InlineData(new[] { double.NaN, double.NaN }, 0.0)]
    public void A_channel_without_variation_has_zeros_where_a_statistic_is_undefined(double[] values, double mean)
    {
        var statistics = ChannelStatistics.Of(values);
        Assert.Equal(mean, statistics.Mean);
        Assert.All([statistics.Deviation, statistics.Skewness, statistics.Kurtosis, statistics.LagOneAutocorrelation,
            statistics.FittedChange, statistics.Range],
            statistic => Assert.Equal(0, statistic, 12));
    }
}
