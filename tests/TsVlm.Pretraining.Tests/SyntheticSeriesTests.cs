using TsVlm.Data;
using TsVlm.Pretraining.Synthetic;

namespace TsVlm.Pretraining.Tests;

public class SyntheticSeriesTests
{
    [Fact]
    public void A_group_follows_from_seed_and_number_alone()
    {
        var (first, again, other) = (new SyntheticSeries(3), new SyntheticSeries(3), new SyntheticSeries(4));
        _ = again.Group(99, 8);
        Assert.Equal(Values(first.Group(7, 8)), Values(again.Group(7, 8)));
        Assert.NotEqual(Values(first.Group(7, 8)), Values(other.Group(7, 8)));
        Assert.NotEqual(Values(first.Group(7, 8)), Values(first.Group(8, 8)));
    }

    [Fact]
    public void Every_series_is_finite_of_8_to_2048_steps_and_nearly_none_is_constant()
    {
        var series = new SyntheticSeries(0);
        TimeSeries[][] groups = [.. Enumerable.Range(-100, 400).Select(number => series.Group(number, 8))];
        TimeSeries[] all = [.. groups.SelectMany(group => group)];
        Assert.All(all, one => Assert.InRange(one.Length, 8, 2048));
        Assert.All(groups, group => Assert.Single(group.Select(one => one.Length).Distinct()));
        Assert.Contains(all, one => one.Length < 20);
        Assert.Contains(all, one => one.Length > 1500);
        Assert.All(all, one => Assert.True(one.Channel(0).ToArray().All(double.IsFinite)));
        Assert.InRange(all.Count(one => one.Channel(0).ToArray().Distinct().Count() > 1), 3100, 3200);
    }

    [Fact]
    public void Series_of_one_group_resemble_each_other_more_than_those_of_others()
    {
        var series = new SyntheticSeries(1);
        double[][][] groups = [.. Enumerable.Range(0, 200).Select(number => Points(series.Group(number, 8)))];
        var within = groups.Average(group => Correlation(group[0], group[1]));
        var between = groups.Zip(groups.Skip(1)).Average(pair => Math.Abs(Correlation(pair.First[0], pair.Second[1])));
        Assert.InRange(within, 0.2, 0.8);
        Assert.InRange(between, 0, 0.25);
    }

    [Fact]
    public void Channels_of_a_group_depend_on_each_other()
    {
        var series = new SyntheticSeries(2);
        var correlations = Enumerable.Range(0, 200).Select(number => series.Group(number, 1, numChannels: 3)[0])
            .Select(one => Math.Abs(Correlation(one.Channel(0).ToArray(), one.Channel(2).ToArray()))).ToList();
        Assert.InRange(correlations.Average(), 0.2, 0.6);
        Assert.InRange(correlations.Count(value => value > 0.999), 0, 10);
    }

    [Fact]
    public void A_change_does_the_same_to_every_series_and_leaves_most_values_alone()
    {
        double[] line = [.. Enumerable.Range(0, 100).Select(t => Math.Sin(t / 7.0))];
        for (var seed = 0; seed < 100; seed++)
        {
            var change = SyntheticChanges.Draw(100, new Random(seed));
            var changed = change(line);
            Assert.Equal(changed, change(line));
            Assert.InRange(changed.Zip(line).Count(pair => pair.First != pair.Second), 0, 51);
        }
    }

    [Theory]
    [MemberData(nameof(ComponentNumbers))]
    public void Every_component_is_finite_and_moves_at_every_length(int number)
    {
        foreach (var length in (int[])[3, 8, 100, 2048])
        {
            double[][] drawn = [.. Enumerable.Range(0, 50).Select(seed => Components.All[number](length, new Random(seed)))];
            Assert.All(drawn, values => Assert.Equal(length, values.Length));
            Assert.All(drawn, values => Assert.True(values.All(double.IsFinite)));
            if (length >= 100) Assert.InRange(drawn.Count(values => values.Distinct().Count() > 1), 40, 50);
        }
    }

    [Fact]
    public void Smoothing_is_a_mean_over_what_is_there_of_the_window() =>
        Assert.Equal([1.5, 2, 3, 3.5], Signals.Smoothed([1, 2, 3, 4], 1));

    [Fact]
    public void Warping_keeps_the_range_and_the_order_of_a_rising_line()
    {
        double[] line = [.. Enumerable.Range(0, 100).Select(t => (double)t)];
        var warped = Signals.Warp(100, Signals.StrongWarp, new Random(1))(line);
        Assert.Equal(100, warped.Length);
        Assert.All(warped, value => Assert.InRange(value, 0, 99));
        Assert.All(warped.Zip(warped.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        Assert.NotEqual(line, warped);
    }

    public static TheoryData<int> ComponentNumbers => [.. Enumerable.Range(0, Components.All.Count)];

    private static double[][] Values(TimeSeries[] group) => Array.ConvertAll(group, one => one.Channel(0).ToArray());

    private static double[][] Points(TimeSeries[] group) =>
        Array.ConvertAll(Values(group), values => Enumerable.Range(0, 64).Select(i => values[i * (values.Length - 1) / 63]).ToArray());

    private static double Correlation(double[] one, double[] other) =>
        ZNormalisation.Of(one).Zip(ZNormalisation.Of(other), (a, b) => a * b).Average();
}
