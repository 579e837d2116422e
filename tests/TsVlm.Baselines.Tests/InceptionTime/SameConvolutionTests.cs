using TsVlm.Baselines.InceptionTime;
using TsVlm.Baselines.Series;
using static TorchSharp.torch;

namespace TsVlm.Baselines.Tests.InceptionTime;

public sealed class SameConvolutionTests
{
    /// <summary>
    /// Keras pads K - 1 zeros, (K - 1) / 2 rounded down of them before the series; so a kernel of ones sums that many values before a step
    /// and K / 2 rounded down after it.
    /// </summary>
    [Theory]
    [InlineData(1, new[] { 1f, 2, 4, 8, 16 })]
    [InlineData(2, new[] { 3f, 6, 12, 24, 16 })]
    [InlineData(3, new[] { 3f, 7, 14, 28, 24 })]
    [InlineData(4, new[] { 7f, 15, 30, 28, 24 })]
    [InlineData(40, new[] { 31f, 31, 31, 31, 31 })]
    public void An_even_kernel_sees_one_step_more_to_the_right(int length, float[] expected)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var convolution = new SameConvolution(1, 1, length, new Random(0));
        foreach (var weight in convolution.parameters()) weight.copy_(ones(1, 1, length));
        Assert.Equal(expected, convolution.forward(tensor(new[] { 1f, 2, 4, 8, 16 }, [1, 1, 5])).data<float>().ToArray());
    }

    [Theory]
    [InlineData(40)]
    [InlineData(20)]
    [InlineData(10)]
    [InlineData(1)]
    public void Output_is_as_long_as_the_input_and_has_a_channel_a_filter(int length)
    {
        using var scope = NewDisposeScope();
        using var convolution = new SameConvolution(3, 5, length, new Random(0));
        Assert.Equal([2L, 5L, 7L], convolution.forward(zeros(2, 3, 7)).shape);
        Assert.Equal(5 * 3 * length, convolution.parameters().Single().NumberOfElements);
    }

    /// <summary>It writes a line to standard error at every convolution on processors that it does not know.</summary>
    [Fact]
    public void NNPACK_is_switched_off_before_the_first_convolution()
    {
        using var convolution = new SameConvolution(3, 5, 1, new Random(0));
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libtorch's functions have other names here.");
        Assert.False(Nnpack.IsEnabled());
    }
}
