using TsVlm.Contracts;
using TsVlm.Representations.Downsampling;

namespace TsVlm.Representations.Images;

/// <summary>
/// Draws field-like images: a panel for each channel, filled by its field, cells as blocks of pixels without smoothing. One view is grey,
/// three are red, green and blue. A series fills its panel whatever its length; a channel without any value leaves its panel white. One
/// instance draws one image after another; it is not for several threads at once.
/// </summary>
internal sealed class FieldImage
{
    private const byte White = 255;

    private readonly int size;
    private readonly int numViews;
    private readonly FieldDrawing drawing;
    private readonly IReadOnlyList<IReadOnlyList<ValueRange>>? ranges;
    private readonly int bytesPerPixel;
    private readonly byte[] pixels;                      // grey, or RGBA where there are three views

    /// <summary>A renderer of square images.</summary>
    /// <param name="size">Width and height, in pixels.</param>
    /// <param name="representation">Kind and views.</param>
    /// <param name="numSteps">Time steps of the longest training series.</param>
    /// <param name="ranges">What black and white mean, for kinds that have the data set's scale.</param>
    public FieldImage(int size, Representation representation, int numSteps, IReadOnlyList<IReadOnlyList<ValueRange>>? ranges)
    {
        this.size = size;
        this.ranges = ranges;
        numViews = NumViews(representation.Views);
        drawing = new FieldDrawing(representation.Image, numSteps);
        bytesPerPixel = numViews == 1 ? 1 : 4;
        pixels = new byte[size * size * bytesPerPixel];
    }

    /// <summary>Number of views that an image shows.</summary>
    public static int NumViews(ImageViews views) => views is ImageViews.SeriesDifferenceSum ? 3 : 1;

    /// <summary>A view of a channel by its number: the series, its difference, its cumulative sum.</summary>
    public static double[] View(double[] values, int view) => view switch
    {
        0 => values,
        1 => RegularValues.Differences(values),
        _ => RegularValues.CumulativeSums(values),
    };

    /// <summary>The image of the series as a PNG, gray where there is one view.</summary>
    public byte[] Draw(DownsampledSeries series)
    {
        pixels.AsSpan().Fill(White);
        var grid = new PanelGrid(size, series.NumChannels);
        for (var c = 0; c < series.NumChannels; c++)
        {
            if (RegularValues.Of(series, c) is not { } values) continue;
            var panel = grid.Panel(c);
            for (var v = 0; v < numViews; v++)
            {
                var range = ranges is null ? new ValueRange(-1, 1) : ranges[c][v];
                var field = drawing.Draw(View(values, v), range, Math.Max(panel.Width, panel.Height));
                Paint(field.AtMost(panel.Height, panel.Width), panel, v);
            }
        }
        return numViews == 1 ? PngImage.EncodeGray(pixels, size, size) : PngImage.Encode(pixels, size, size);
    }

    private void Paint(Field field, (int Left, int Top, int Width, int Height) panel, int view)
    {
        var row = new byte[panel.Width];
        var drawn = -1;
        for (var y = 0; y < panel.Height; y++)
        {
            var from = (int)((long)y * field.NumRows / panel.Height);
            if (from != drawn)
            {
                for (var x = 0; x < row.Length; x++)
                    row[x] = (byte)((field.Shares[(from * field.NumColumns) + (int)((long)x * field.NumColumns / panel.Width)] * White)
                        + 0.5f);
                drawn = from;
            }
            var target = pixels.AsSpan((((panel.Top + y) * size) + panel.Left) * bytesPerPixel);
            if (bytesPerPixel == 1) row.CopyTo(target);
            else for (var x = 0; x < row.Length; x++) target[(x * bytesPerPixel) + view] = row[x];
        }
    }
}
