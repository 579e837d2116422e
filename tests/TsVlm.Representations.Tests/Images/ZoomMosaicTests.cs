using System.Security.Cryptography;
using TsVlm.Representations.Downsampling;
using TsVlm.Representations.Images;

namespace TsVlm.Representations.Tests.Images;

public class ZoomMosaicTests
{
    private static readonly double[] Wave = [.. Enumerable.Range(0, 256).Select(t => Math.Sin(t * 0.1))];

    [Fact]
    public void A_patch_of_fourteen_rows_has_the_fourteen_dilations() =>
        Assert.Equal([1, 1.5, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18.5], Enumerable.Range(0, 14)
            .Select(row => ZoomMosaic.Dilation(row, 14)));

    [Fact]
    public void Sixty_four_positions_lie_four_points_apart() =>
        Assert.Equal([1.5, 5.5, 9.5, 253.5], new[] { 0, 1, 2, 63 }.Select(tile => ZoomMosaic.Position(tile, 64)));

    /// <summary>
    /// Tile 20, row 2 (dilation 2), column 13: the value at 81.5 + 6.5 * 2 = 94.5, written out here for its window of 14.
    /// </summary>
    [Fact]
    public void A_pixel_holds_half_the_value_the_deviation_and_the_standardised_deviation()
    {
        var series = Samples.Series(Wave);
        var rgb = PngImage.Decode(
            new ZoomMosaic(112, 14, numChannels: 1, numWindows: 1)
                .Draw(Downsampler.Shorten(series, TsVlm.Contracts.DownsamplingMethod.None, 1))).Rgb;
        var (mean, deviation) = (Wave.Average(), Math.Sqrt(Wave.Select(v => v * v).Average() - Math.Pow(Wave.Average(), 2)));
        double[] window = [.. Enumerable.Range(0, 14).Select(c => 81.5 + ((c - 6.5) * 2))
            .Select(at => ((Wave[(int)at] + Wave[(int)at + 1]) / 2 - mean) / deviation)];
        var green = window[13] - window.Average();
        var blue = green / (Math.Sqrt(window.Select(v => Math.Pow(v - window.Average(), 2)).Average()) + 0.1);
        var pixel = (((((20 / 8) * 14) + 2) * 112) + ((20 % 8) * 14) + 13) * 3;
        byte[] expected = [Byte(window[13] / 2), Byte(green), Byte(blue)];
        for (var part = 0; part < 3; part++) Assert.InRange(rgb[pixel + part], expected[part] - 1, expected[part] + 1);
    }

    [Fact]
    public void A_constant_is_grey_and_a_channel_without_values_white()
    {
        var series = Samples.Series([5, 5], [double.NaN, double.NaN]);
        var image = new ZoomMosaic(56, 14, numChannels: 2, numWindows: 1)
            .Draw(Downsampler.Shorten(series, TsVlm.Contracts.DownsamplingMethod.None, 1));
        var rgb = PngImage.Decode(image).Rgb;
        Assert.Equal((128, 255), (rgb[0], rgb[56 * 56 * 3]));
    }

    /// <summary>
    /// Images name artifacts: this hash is of the pixels as drawn before the arithmetic of the normalisation moved to TsVlm.Data.
    /// The values are whole numbers over 7, which every processor computes alike.
    /// </summary>
    [Fact]
    public void Pixels_are_those_of_the_versions_before()
    {
        double[] Values(int length, int step) => [.. Enumerable.Range(0, length).Select(t => (t * step % 101) / 7.0)];
        (double[], string)[] known = [(Values(300, 37), "67add34491d31a33be5bd2bf"), (Values(60, 13), "38d45035ff35e0a678609b8c")];
        foreach (var (values, expected) in known)
        {
            var series = Downsampler.Shorten(Samples.Series(values), TsVlm.Contracts.DownsamplingMethod.None, 1);
            var image = new ZoomMosaic(112, 14, numChannels: 1, numWindows: 1).Draw(series);
            Assert.StartsWith(expected, Convert.ToHexStringLower(SHA256.HashData(PngImage.Decode(image).Rgb)), StringComparison.Ordinal);
        }
    }

    /// <summary>The mean of 1,000 thirds in pieces is not exactly a third each time.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(2844)]
    public void A_long_constant_is_grey_whatever_resampling_rounds(int length)
    {
        var constant = Samples.Series([.. Enumerable.Repeat(0.1, length)]);
        var image = new ZoomMosaic(112, 14, numChannels: 1, numWindows: 1)
            .Draw(Downsampler.Shorten(constant, TsVlm.Contracts.DownsamplingMethod.None, 1));
        Assert.All(PngImage.Decode(image).Rgb, part => Assert.Equal(128, part));
    }

    private static byte Byte(double value) => (byte)Math.Round(255 * (value + 2) / 4);
}
