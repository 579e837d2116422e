using TsVlm.Data;

namespace TsVlm.Pretraining.Tests;

public class SyntheticSeriesTests
{
    [Fact]
    public void A_series_follows_from_seed_and_number_alone()
    {
        var (first, again, other) = (new SyntheticSeries(3), new SyntheticSeries(3), new SyntheticSeries(4));
        _ = again[99];
        Assert.Equal(first[7].Channel(0).ToArray(), again[7].Channel(0).ToArray());
        Assert.NotEqual(first[7].Channel(0).ToArray(), other[7].Channel(0).ToArray());
        Assert.NotEqual(first[7].Channel(0).ToArray(), first[8].Channel(0).ToArray());
    }

    [Fact]
    public void Every_series_is_finite_of_64_to_512_steps_and_nearly_none_is_constant()
    {
        var series = new SyntheticSeries(0);
        TimeSeries[] all = [.. Enumerable.Range(-500, 3000).Select(number => series[number])];
        Assert.All(all, one => Assert.InRange(one.Length, 64, 512));
        Assert.All(all, one => Assert.True(one.Channel(0).ToArray().All(double.IsFinite)));
        TimeSeries[] moving = [.. all.Where(one => one.Channel(0).ToArray().Distinct().Count() > 1)];
        Assert.InRange(moving.Length, 2970, 3000);
        Assert.Distinct(moving.Select(one => string.Join(' ', one.Channel(0).ToArray())));
    }

    [Theory]
    [MemberData(nameof(ComponentNumbers))]
    public void Every_component_is_finite_and_moves_at_every_length(int number)
    {
        foreach (var length in (int[])[64, 100, 512])
        {
            double[][] drawn = [.. Enumerable.Range(0, 50).Select(seed => Components.All[number](length, new Random(seed)))];
            Assert.All(drawn, values => Assert.Equal(length, values.Length));
            Assert.All(drawn, values => Assert.True(values.All(double.IsFinite)));
            Assert.InRange(drawn.Count(values => values.Distinct().Count() > 1), 40, 50);
        }
    }

    [Fact]
    public void Smoothing_is_a_mean_over_what_is_there_of_the_window() =>
        Assert.Equal([1.5, 2, 3, 3.5], Signals.Smoothed([1, 2, 3, 4], 1));

    [Fact]
    public void Warping_keeps_the_range_and_the_order_of_a_rising_line()
    {
        double[] line = [.. Enumerable.Range(0, 100).Select(t => (double)t)];
        var warped = Signals.Warped(line, new Random(1));
        Assert.Equal(100, warped.Length);
        Assert.All(warped, value => Assert.InRange(value, 0, 99));
        Assert.All(warped.Zip(warped.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        Assert.NotEqual(line, warped);
    }

    public static TheoryData<int> ComponentNumbers => [.. Enumerable.Range(0, Components.All.Count)];
}
