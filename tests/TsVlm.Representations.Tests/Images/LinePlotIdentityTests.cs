using TsVlm.Contracts;
using TsVlm.Representations.Images;

namespace TsVlm.Representations.Tests.Images;

/// <summary>Hashes taken before there were image kinds: line plots and what is stored beside them are the same bytes.</summary>
public class LinePlotIdentityTests
{
    [Theory]
    [InlineData(ChannelLayout.Overlaid, "f2d1e5bd878d26cce84051cb4fb360f7f167a8ab7044dfd1d654bc797b61340e",
        "b44325b39a426e57274c432b867df3d13a20bec3f0ef735f0cec5b559fcae7a7")]
    [InlineData(ChannelLayout.SmallMultiples, "5e1c0dd9fad793e5f4443f0e9ee073829cab8113089d2c8f7ca7ad43f2b75f20",
        "ba2f47bd3565a9c0656ff258dd8bce5e64d36ee2be2cea88eb1a04ef71096940")]
    public void Line_plots_and_their_fit_are_what_they_were(ChannelLayout layout, string pixels, string fit)
    {
        var series = Samples.Series([.. Enumerable.Range(0, 60).Select(t => (double)(t * t % 17))], [.. Enumerable.Range(0, 60)
            .Select(t => t % 9 == 4 ? double.NaN : t % 5)]);
        var representation = new Representation { ChannelLayout = layout };
        Assert.Equal(fit, ContentHash.Of(Samples.Fit(representation, series)));
        Assert.Equal(pixels, ContentHash.Of(PngImage.Decode(Samples.Build(representation, series).Image!).Rgb));
    }
}
