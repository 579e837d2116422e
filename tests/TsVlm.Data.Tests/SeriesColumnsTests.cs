namespace TsVlm.Data.Tests;

public sealed class SeriesColumnsTests
{
    private const double Missing = double.NaN;

    [Theory]
    [InlineData(1, 300, 1)]
    [InlineData(300, 300, 1)]
    [InlineData(301, 300, 2)]
    [InlineData(1_000_000, 300, 3334)]
    [InlineData(int.MaxValue, 1000, 2147484)]
    public void The_steps_of_a_column_leave_the_longest_series_no_more_columns_than_asked_for(int longest, int numColumns, int expected) =>
        Assert.Equal(expected, SeriesColumns.StepsPerColumn(longest, numColumns));

    [Fact]
    public void Extremes_are_the_lowest_and_highest_value_of_each_column_without_missing_ones()
    {
        var (low, high) = SeriesColumns.Extremes([3, Missing, 1, Missing, Missing, Missing, -5], 3);
        Assert.Equal([1, Missing, -5], low);
        Assert.Equal([3, Missing, -5], high);
    }

    [Fact]
    public void A_spike_of_one_step_among_a_million_is_in_its_column()
    {
        var values = new double[1_000_000];
        values[654_321] = 9;
        var (low, high) = SeriesColumns.Extremes(values, SeriesColumns.StepsPerColumn(values.Length, 300));
        Assert.Equal(300, high.Length);
        Assert.Equal(9, Assert.Single(high, value => value != 0));
        Assert.All(low, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Means_are_over_all_series_that_have_the_step_and_the_channel()
    {
        TimeSeries[] series = [new([[1, 2, 6], [0, 0, 0]]), new([[3, Missing]])];
        var (mean, deviation) = SeriesColumns.Means(series, channel: 0, steps: 1);
        Assert.Equal([2, 2, 6], mean);
        Assert.Equal([1, 0, 0], deviation);
        Assert.Equal([0, 0, 0], SeriesColumns.Means(series, channel: 1, steps: 1).Mean);
        Assert.Equal([2, 6], SeriesColumns.Means(series, channel: 0, steps: 2).Mean);
    }

    [Fact]
    public void Means_of_no_series_have_no_column() => Assert.Empty(SeriesColumns.Means([], 0, 1).Mean);
}
