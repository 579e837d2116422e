using TsVlm.Baselines.MiniRocket;

namespace TsVlm.Baselines.Tests.MiniRocket;

public sealed class DilationsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(16)]
    public void Series_up_to_16_steps_have_dilation_1_alone(int length) => Assert.Equal([new(1, 119)], Dilations.Of(length));

    [Fact]
    public void Dilations_of_17_steps_are_worked_by_hand() =>
        // Exponents 0 to 1 in 32 steps: only the last gives 2. 31 * 119 / 32 = 115.3, 119 / 32 = 3.7; the lost one goes to dilation 1.
        Assert.Equal([new(1, 116), new(2, 3)], Dilations.Of(17));

    [Fact]
    public void Dilations_of_33_steps_are_worked_by_hand() =>
        // Exponents 2 i / 31: below 1 for i <= 15 (16 of them), below log2(3) = 1.585 for i <= 24 (9), below 2 for i <= 30 (6), then 2 (1).
        // Shares 59.5, 33.5, 22.3 and 3.7 rounded down make 117; one more for each of the first two.
        Assert.Equal([new(1, 60), new(2, 34), new(3, 22), new(4, 3)], Dilations.Of(33));

    [Fact]
    public void A_kernel_has_119_features_for_any_length_and_the_widest_fits_the_series()
    {
        for (var length = 9; length < 3000; length++)
        {
            var shares = Dilations.Of(length);
            Assert.Equal(119, shares.Sum(share => share.NumFeatures));
            Assert.All(shares, share => Assert.InRange(share.NumFeatures, 1, 119));
            Assert.Equal(shares.Select(share => share.Dilation).Distinct().Order(), shares.Select(share => share.Dilation));
            Assert.InRange(shares.Count, 1, 32);
            Assert.InRange(shares[^1].Dilation, 1, (length - 1) / 8);
        }
    }
}
