using SkiaSharp;
using TsVlm.Contracts;
using TsVlm.Representations.Downsampling;

namespace TsVlm.Representations.Images;

/// <summary>
/// Draws series as line plots on white, without text: time to the right, values upwards, on the data set's fixed axes. A missing value
/// breaks the line; a point between two gaps is a dot. Small multiples are filled row by row. An area plot also fills what lies between
/// line and zero, or the edge of the axis that is nearest to zero. One instance draws one plot after another into the same pixels; it is
/// not for several threads at once.
/// </summary>
public sealed class LinePlot
{
    private const float PixelsPerLineWidth = 168;
    private const float NarrowestFramedPanel = 12;
    // A larger square would not be an image that any model reads, and its pixels not an array.
    private const int LargestSize = 16_384;
    private const byte White = 255;
    private const byte Frame = 208;

    private readonly int size;
    private readonly ChannelLayout layout;
    private readonly PlotAxes axes;
    private readonly bool isFilled;
    private readonly float lineWidth;
    private readonly byte[] rgba;
    private readonly StrokeRaster stroke;
    private readonly PixelColumns columns = new();

    /// <summary>A renderer of square plots of <paramref name="size"/> pixels.</summary>
    public LinePlot(int size, ChannelLayout layout, PlotAxes axes, bool isFilled = false)
    {
        if (size is < 1 or > LargestSize)
            throw new RepresentationException($"Image: expected a size of 1 to {LargestSize} pixels, found {size}.");
        this.size = size;
        this.layout = layout;
        this.axes = axes;
        this.isFilled = isFilled;
        lineWidth = Math.Max(1, size / PixelsPerLineWidth);
        rgba = new byte[size * size * 4];
        stroke = new StrokeRaster(size);
    }

    /// <summary>The plot of the series as an RGB PNG.</summary>
    public byte[] Draw(DownsampledSeries series)
    {
        rgba.AsSpan().Fill(White);
        var numColumns = layout is ChannelLayout.Overlaid ? 1 : (int)Math.Ceiling(Math.Sqrt(series.NumChannels));
        var numRows = layout is ChannelLayout.Overlaid ? 1 : (series.NumChannels + numColumns - 1) / numColumns;
        var (width, height) = ((float)size / numColumns, (float)size / numRows);
        DrawFrames(numColumns, numRows, width, height);
        for (var c = 0; c < series.NumChannels; c++)
        {
            var panel = layout is ChannelLayout.Overlaid ? 0 : c;
            DrawChannel(series, c, new Panel(panel % numColumns * width, panel / numColumns * height, width, height));
        }
        return PngImage.Encode(rgba, size, size);
    }

    /// <summary>A white image of the same size, as an RGB PNG.</summary>
    public byte[] Blank()
    {
        rgba.AsSpan().Fill(White);
        return PngImage.Encode(rgba, size, size);
    }

    private void DrawFrames(int numColumns, int numRows, float width, float height)
    {
        if (Math.Min(width, height) < NarrowestFramedPanel) return;
        for (var c = 1; c < numColumns; c++)
            for (var i = 0; i < size; i++) Shade((int)MathF.Round(c * width), i);
        for (var r = 1; r < numRows; r++)
            for (var i = 0; i < size; i++) Shade(i, (int)MathF.Round(r * height));

        void Shade(int x, int y) => rgba.AsSpan(((y * size) + x) * 4, 3).Fill(Frame);
    }

    private void DrawChannel(DownsampledSeries series, int channel, Panel panel)
    {
        var (values, range) = (series.Values[channel], axes.Channels[channel]);
        // The line's whole width stays inside the panel, so that a value on the border can be seen.
        var inset = Math.Min(lineWidth, panel.Width / 4);
        panel = new Panel(panel.Left + inset, panel.Top + inset, panel.Width - (2 * inset), panel.Height - (2 * inset));
        var lastStep = Math.Max(axes.NumSteps, series.Length) - 1;

        var colour = ChannelColours.Of(channel);
        var level = (float)(panel.Top + (panel.Height * (1 - Math.Clamp((0 - range.Low) / (range.High - range.Low), 0, 1))));
        columns.Clear();
        var run = 0;
        for (var i = 0; i <= values.Length; i++)
        {
            if (i < values.Length && !double.IsNaN(values[i]))
            {
                var x = panel.Left + (panel.Width * (lastStep == 0 ? 0.5 : (double)series.Times[i] / lastStep));
                var share = Math.Clamp((values[i] - range.Low) / (range.High - range.Low), 0, 1);
                columns.Add((float)x, (float)(panel.Top + (panel.Height * (1 - share))));
                run++;
                continue;
            }
            if (run > 0) EndRun(run, level, colour);
            run = 0;
        }
        stroke.Paint(rgba, colour.Red, colour.Green, colour.Blue);
    }

    private void EndRun(int numPoints, float level, SKColor colour)
    {
        var points = columns.End();
        if (isFilled) AreaFill.Paint(rgba, size, points, level, colour.Red, colour.Green, colour.Blue);
        if (numPoints == 1) stroke.Add(points[0], points[0], 2 * lineWidth);
        for (var i = 1; i < points.Count; i++) stroke.Add(points[i - 1], points[i], lineWidth);
        columns.Clear();
    }

    private readonly record struct Panel(float Left, float Top, float Width, float Height);
}
