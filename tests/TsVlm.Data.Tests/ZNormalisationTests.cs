namespace TsVlm.Data.Tests;

public sealed class ZNormalisationTests
{
    /// <summary>Mean 5 and population deviation 2, both exact.</summary>
    [Fact]
    public void Values_have_mean_0_and_population_deviation_1() =>
        Assert.Equal([-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2], ZNormalisation.Of([2, 4, 4, 4, 5, 5, 7, 9]));

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    public void The_smallest_and_largest_units_give_the_same_values(double unit) =>
        Assert.All(ZNormalisation.Of([2 * unit, 4 * unit, 4 * unit, 4 * unit, 5 * unit, 5 * unit, 7 * unit, 9 * unit])
            .Zip([-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2]), pair => Assert.Equal(pair.Second, pair.First, 12));

    [Theory]
    [InlineData(new[] { 0.1, 0.1, 0.1 })]
    [InlineData(new[] { -3.0 })]
    public void A_constant_is_0(double[] values) => Assert.Equal(new double[values.Length], ZNormalisation.Of(values));

    [Fact]
    public void Rounding_error_of_a_constant_counts_as_none() =>
        Assert.Equal(new double[4], ZNormalisation.Of([1, Math.BitIncrement(1), 1, 1]));

    [Fact]
    public void A_small_signal_on_a_large_offset_is_kept() =>
        Assert.Equal([-1, 1, -1, 1], ZNormalisation.Of([1e6 - 1e-3, 1e6 + 1e-3, 1e6 - 1e-3, 1e6 + 1e-3]).Select(v => Math.Round(v, 6)));
}
