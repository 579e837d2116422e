using FsCheck.Xunit;
using TsVlm.Baselines.MiniRocket;
using TsVlm.Data;

namespace TsVlm.Baselines.Tests.MiniRocket;

public sealed class DilatedConvolutionTests
{
    [Fact]
    public void A_single_one_gives_the_kernel_back_to_front_at_its_dilation()
    {
        var series = new float[19];
        series[9] = 1;
        var convolution = new DilatedConvolution();
        convolution.Prepare([series], dilation: 2);
        // 2s at places 0, 1 and 8 look 8 and 6 steps back and 8 steps ahead.
        Assert.Equal(
            [0, 2, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, 2, 0, 2, 0],
            convolution.Apply((0, 1, 8), [0]).ToArray());
    }

    [Property(MaxTest = 300)]
    public void Every_kernel_and_share_equals_the_plain_computation(int seed)
    {
        var random = new Random(seed);
        var (length, numChannels, dilation) = (random.Next(1, 80), random.Next(1, 5), random.Next(1, 12));
        // Whole numbers: sums are exact, and values equal to a bias are common.
        var series = new TimeSeries(Enumerable.Range(0, numChannels)
            .Select(_ => Enumerable.Range(0, length).Select(_ => (double)random.Next(-9, 10)).ToArray()));
        int[] channels = [.. Enumerable.Range(0, numChannels).Where(_ => random.Next(2) == 0).DefaultIfEmpty(0)];
        var convolution = new DilatedConvolution();
        // Buffers of a larger series must not shine through.
        convolution.Prepare([[.. Enumerable.Repeat(99f, 200)]], 12);
        convolution.Prepare(ChannelValues.Of(series, numChannels, "series"), dilation);
        var bias = random.Next(-20, 21);
        for (var kernel = 0; kernel < 84; kernel++)
        {
            var expected = PlainMiniRocket.Convolve(series, channels, PlainMiniRocket.Kernels()[kernel], dilation);
            var output = convolution.Apply(Kernels.Places[kernel], channels);
            Assert.Equal(expected, Array.ConvertAll(output.ToArray(), value => (double)value));
            Assert.Equal((float)expected.Count(value => value > bias) / length, PositiveShare.Of(output, bias));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 5)]
    [InlineData(0.5, 2.5)]
    [InlineData(0.25, 1.75)]
    public void Quantiles_lie_on_the_line_between_neighbours(float quantile, float expected) =>
        Assert.Equal(expected, PositiveShare.Quantile([1, 2, 3, 5], quantile));
}
