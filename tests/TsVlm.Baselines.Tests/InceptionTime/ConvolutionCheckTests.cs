using TsVlm.Baselines.InceptionTime;
using TsVlm.Baselines.Series;

namespace TsVlm.Baselines.Tests.InceptionTime;

public sealed class ConvolutionCheckTests
{
    [Fact]
    public void The_published_and_the_tiny_network_pass_on_this_processor()
    {
        ConvolutionCheck.Require(InceptionShape.Published);
        ConvolutionCheck.Require(InceptionShape.Tiny);
    }

    /// <summary>The gradient to the input of other channel counts is wrong on some processors with batches of 16 series or more.</summary>
    [Fact]
    public void Every_shape_has_channels_in_multiples_of_16()
    {
        foreach (var shape in (InceptionShape[])[InceptionShape.Published, InceptionShape.Tiny])
            Assert.Equal((0, 0), (shape.NumFilters % 16, shape.Bottleneck % 16));
    }

    [Theory]
    [InlineData(1f, 2f, "found two different results of the same computation")]
    [InlineData(float.NaN, float.NaN, "found values that are not finite")]
    [InlineData(1f, float.PositiveInfinity, "found values that are not finite")]
    public void A_gradient_that_differs_or_is_not_finite_is_refused_with_the_reason(float first, float second, string expected)
    {
        var error = Assert.Throws<BaselineException>(() => ConvolutionCheck.Require([0, first], [0, second], 2, 3, 6));
        Assert.StartsWith("InceptionTime, convolution of 2 channels to 3 with a kernel of 6: expected a finite gradient", error.Message,
            StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_gradients_pass() => ConvolutionCheck.Require([1, -2], [1, -2], 16, 16, 6);
}
