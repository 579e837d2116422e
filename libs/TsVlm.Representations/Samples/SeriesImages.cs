using TsVlm.Contracts;
using TsVlm.Representations.Downsampling;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Images;

namespace TsVlm.Representations.Samples;

/// <summary>Chooses what draws a representation's images.</summary>
internal static class SeriesImages
{
    /// <summary>Draws a series as the PNG that the representation's kind of image makes of it; not for several threads at once.</summary>
    public static Func<DownsampledSeries, byte[]> Renderer(FittedRepresentation fitted, int patchSize)
    {
        var (representation, size) = (fitted.Representation, fitted.ImageSize);
        return representation.Image switch
        {
            ImageKind.LinePlot or ImageKind.AreaPlot =>
                new LinePlot(size, representation.ChannelLayout, fitted.Axes, isFilled: representation.Image is ImageKind.AreaPlot).Draw,
            ImageKind.ZoomMosaic => Mosaics(fitted, patchSize).Draw,
            _ => new FieldImage(size, representation, fitted.Axes.NumSteps, fitted.FieldRanges).Draw,
        };
    }

    /// <summary>What takes the place of a series' images and shows nothing.</summary>
    public static byte[] Blank(FittedRepresentation fitted, int patchSize) => fitted.Representation.Image is ImageKind.ZoomMosaic
        ? Mosaics(fitted, patchSize).Blank() : new LinePlot(fitted.ImageSize, ChannelLayout.Overlaid, fitted.Axes).Blank();

    private static ZoomMosaic Mosaics(FittedRepresentation fitted, int patchSize) =>
        new(fitted.ImageSize, patchSize, fitted.Images.NumChannels, fitted.Images.NumWindows);
}
