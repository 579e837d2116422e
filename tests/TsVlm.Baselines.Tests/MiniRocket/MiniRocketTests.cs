using FsCheck.Xunit;
using TsVlm.Baselines.MiniRocket;
using TsVlm.Data;

namespace TsVlm.Baselines.Tests.MiniRocket;

public sealed class MiniRocketTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    public static TheoryData<int, int> Shapes() => new() { { 150, 1 }, { 40, 12 }, { 9, 1 }, { 5, 2 }, { 1, 1 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_same_seed_gives_the_same_features_with_any_number_of_threads(int length, int numChannels)
    {
        var series = Random(30, length, numChannels);
        var once = MiniRocketTransform.Fit(series, 7, 1, Stop).Transform(series, 1, Stop);
        Assert.Equal(once, MiniRocketTransform.Fit(series, 7, 4, Stop).Transform(series, 3, Stop));
        if (length > 1) Assert.NotEqual(once, MiniRocketTransform.Fit(series, 8, 1, Stop).Transform(series, 1, Stop));
        Assert.All(once, row => Assert.Equal(9996, row.Length));
        Assert.All(once.SelectMany(row => row), value => Assert.InRange(value, 0, 1));
    }

    [Property(MaxTest = 20)]
    public void Features_equal_the_plain_computation_and_equal_channels_change_nothing(int seed)
    {
        var random = new Random(seed);
        var length = random.Next(9, 60);
        double[] Values() => [.. Enumerable.Range(0, length).Select(_ => (double)random.Next(-9, 10))];
        var (training, test) = (Values(), Values());
        // With one training series the seed decides nothing but channels, and three times the same channel is one to three times its
        // output.
        var expected = PlainMiniRocket.Transform(new([training]), new([test]), Dilations.Of(length)
            .Select(share => (share.Dilation, share.NumFeatures))).ToArray();
        Assert.Equal(expected, MiniRocketTransform.Fit([new([training])], seed, 1, Stop).Transform([new([test])], 1, Stop)[0]);
        var threeTimes = MiniRocketTransform.Fit([new([training, training, training])], seed, 1, Stop)
            .Transform([new([test, test, test])], 1, Stop)[0];
        Assert.InRange(expected.Zip(threeTimes).Count(pair => pair.First != pair.Second), 0, 20);
    }

    [Fact]
    public void Training_series_of_several_lengths_see_zeros_beyond_the_ends_with_every_kernel()
    {
        // Step 5 alone differs; the valid part at dilation 12, steps 48 to 51, sees steps 0 to 3, 12 to 15 and so on, never that one.
        var training = Random(4, 100, 1).Concat(Random(1, 60, 1)).ToArray();
        double[] flat = new double[100], odd = new double[100];
        odd[5] = 100;
        var features = MiniRocketTransform.Fit(training, 0, 1, Stop).Transform([new([flat]), new([odd])], 1, Stop);
        var shares = Dilations.Of(100);
        var from = shares.SkipLast(1).Sum(share => 84 * share.NumFeatures);
        for (var kernel = 0; kernel < 84; kernel++)
        {
            var range = (from + kernel * shares[^1].NumFeatures)..(from + (kernel + 1) * shares[^1].NumFeatures);
            Assert.NotEqual(features[0][range], features[1][range]);
        }
    }

    [Fact]
    public void Features_of_the_series_that_the_biases_come_from_are_one_minus_their_quantiles()
    {
        // With one training series each bias is a quantile q of its own output, above which lies the share 1 - q;
        // kernels of even number at even dilations see all of it.
        var series = Random(1, 200, 1);
        var features = MiniRocketTransform.Fit(series, 0, 1, Stop).Transform(series, 1, Stop)[0];
        var share = Dilations.Of(200)[0];
        for (var kernel = 0; kernel < 84; kernel += 2)
        {
            for (var feature = kernel * share.NumFeatures; feature < (kernel + 1) * share.NumFeatures; feature++)
                Assert.Equal(1 - Kernels.Quantile(feature), features[feature], 0.01f);
        }
    }

    [Fact]
    public void Padding_alternates_by_kernel_and_dilation()
    {
        // Inside a constant series every kernel sums to 0, so only outputs with zeros beyond the ends differ from that.
        var training = Random(10, 100, 1);
        var rocket = MiniRocketTransform.Fit(training, 0, 1, Stop);
        var constant = rocket.Transform([new TimeSeries([[.. Enumerable.Repeat(5.0, 100)]])], 1, Stop)[0];
        var (feature, number) = (0, 0);
        foreach (var share in Dilations.Of(100))
        {
            for (var kernel = 0; kernel < 84; kernel++, feature += share.NumFeatures)
            {
                var some = constant.AsSpan(feature, share.NumFeatures).ToArray();
                if ((number + kernel) % 2 == 1)
                    Assert.All(some, value => Assert.True(value is 0 or 1, $"dilation {share.Dilation}, kernel {kernel}: {value}"));
            }
            number++;
        }
        Assert.Equal(9996, feature);
        Assert.Contains(constant, value => value is not (0 or 1));
    }

    [Fact]
    public void Missing_values_count_as_interpolated()
    {
        var rocket = MiniRocketTransform.Fit(Random(10, 20, 1), 0, 1, Stop);
        double[] values = [double.NaN, 1, double.NaN, 3, .. Enumerable.Repeat(4.0, 15), double.NaN];
        double[] filled = [1, 1, 2, 3, .. Enumerable.Repeat(4.0, 15), 4];
        var features = rocket.Transform([new TimeSeries([values]), new TimeSeries([filled])], 1, Stop);
        Assert.Equal(features[1], features[0]);
    }

    [Fact]
    public void Series_that_do_not_fit_are_refused_with_their_place()
    {
        var rocket = MiniRocketTransform.Fit(Random(2, 20, 1), 0, 1, Stop);
        var twoChannels = Assert.Throws<ArgumentException>(() => rocket.Transform(Random(1, 20, 2), 1, Stop));
        Assert.Contains("Series 0: expected 1 channels as in training series 0, found 2", twoChannels.Message);
        Assert.Contains("channel 0",
            Assert.Throws<ArgumentException>(() => rocket.Transform([new TimeSeries([[1, double.PositiveInfinity]])], 1, Stop)).Message);
        Assert.Throws<ArgumentException>(() => MiniRocketTransform.Fit([], 0, 1, Stop));
    }

    private static TimeSeries[] Random(int count, int length, int numChannels)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => new TimeSeries(
            Enumerable.Range(0, numChannels).Select(_ => Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5).ToArray())))];
    }
}
