using FsCheck;
using FsCheck.Fluent;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Downsampling;

namespace TsVlm.Representations.Tests.Downsampling;

public class DownsamplerTests
{
    private static readonly DownsamplingMethod[] Shortening =
        [DownsamplingMethod.Decimation, DownsamplingMethod.BlockMean, DownsamplingMethod.Lttb, DownsamplingMethod.Adaptive];

    [Fact]
    public void Every_method_keeps_exactly_the_points_of_decimation_in_rising_order_from_the_first_step()
    {
        var inputs = Gen.Choose(1, 60)
            .SelectMany(length => Gen.Choose(1, 70).SelectMany(factor => Gen.Choose(0, 10_000), (factor, seed) => (length, factor, seed)),
            (_, input) => input);
        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            var series = RandomSeries(input.seed, input.length);
            foreach (var method in Shortening)
            {
                var points = Downsampler.Shorten(series, method, input.factor);
                Assert.Equal((input.length + input.factor - 1) / input.factor, points.NumPoints);
                Assert.Equal(0, points.Times[0]);
                Assert.All(points.Times.Zip(points.Times.Skip(1)), pair => Assert.True(pair.First < pair.Second));
                Assert.InRange(points.Times[^1], 0, input.length - 1);
                if (method is DownsamplingMethod.BlockMean) continue;
                for (var c = 0; c < 2; c++)
                    for (var i = 0; i < points.NumPoints; i++) Assert.Equal(series.Channel(c)[points.Times[i]], points.Values[c][i]);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Factor_one_is_the_series_itself()
    {
        foreach (var method in Enum.GetValues<DownsamplingMethod>())
            Assert.Equal([1, double.NaN, 3], Downsampler.Shorten(Samples.Series([1, double.NaN, 3]), method, 1).Values[0]);
    }

    [Fact]
    public void The_method_none_refuses_to_shorten() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Downsampler.Shorten(Samples.Wave(10), DownsamplingMethod.None, 2));

    [Fact]
    public void A_block_mean_leaves_missing_values_out_and_is_missing_where_all_are()
    {
        var points = Downsampler.Shorten(Samples.Series([1, 3, double.NaN, 5, double.NaN, double.NaN, 7]), DownsamplingMethod.BlockMean, 2);
        Assert.Equal([0, 2, 4, 6], points.Times);
        Assert.Equal([2, 5, double.NaN, 7], points.Values[0]);
    }

    [Fact]
    public void Largest_triangles_keep_the_ends_and_a_lone_peak()
    {
        var values = new double[40];
        values[17] = 5;
        var points = Downsampler.Shorten(Samples.Series(values), DownsamplingMethod.Lttb, 8);
        Assert.Equal((0, 39), (points.Times[0], points.Times[^1]));
        Assert.Contains(17, points.Times);
    }

    [Fact]
    public void Largest_triangles_keep_a_peak_of_any_channel_whatever_its_unit()
    {
        var (large, small) = (new double[40], new double[40]);
        (large[9], small[30]) = (1e6, 1e-3);
        var times = Downsampler.Shorten(Samples.Series(large, small), DownsamplingMethod.Lttb, 5).Times;
        Assert.Contains(9, times);
        Assert.Contains(30, times);
    }

    [Fact]
    public void Adaptive_puts_more_points_where_the_series_varies_and_is_even_where_it_does_not()
    {
        var values = Enumerable.Range(0, 100).Select(t => t < 50 ? 0.0 : t % 2).ToArray();
        var times = Downsampler.Shorten(Samples.Series(values), DownsamplingMethod.Adaptive, 5).Times;
        Assert.True(times.Count(t => t >= 50) >= 2 * times.Count(t => t < 50), string.Join(',', times));
        var even = Downsampler.Shorten(Samples.Series([.. Enumerable.Repeat(4.0, 100)]), DownsamplingMethod.Adaptive, 5).Times;
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i * 5), even);
    }

    private static TimeSeries RandomSeries(int seed, int length)
    {
        var random = new System.Random(seed);
        return new TimeSeries(Enumerable.Range(0, 2).Select(_ =>
            Enumerable.Range(0, length).Select(_ => random.Next(4) == 0 ? double.NaN : random.NextDouble()).ToArray()));
    }
}
