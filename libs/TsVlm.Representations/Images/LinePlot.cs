using SkiaSharp;
using TsVlm.Contracts;

namespace TsVlm.Representations;

/// <summary>
/// Draws series as line plots on white, without text: time to the right, values upwards, on the data set's fixed axes. A missing value breaks
/// the line; a point between two gaps is a dot. Small multiples are filled row by row. One instance draws one plot after another on the same
/// surface; it is not for several threads at once.
/// </summary>
public sealed class LinePlot : IDisposable
{
    private const float PixelsPerLineWidth = 168;
    private const float NarrowestFramedPanel = 12;

    private readonly int size;
    private readonly ChannelLayout layout;
    private readonly PlotAxes axes;
    private readonly float lineWidth;
    private readonly SKSurface surface;
    private readonly SKPath path = new();
    private readonly SKPaint line;
    private readonly SKPaint dot;
    private readonly SKPaint frame;
    private readonly PixelColumns columns = new();

    /// <summary>A renderer of square plots of <paramref name="size"/> pixels.</summary>
    public LinePlot(int size, ChannelLayout layout, PlotAxes axes)
    {
        (this.size, this.layout, this.axes) = (size, layout, axes);
        lineWidth = Math.Max(1, size / PixelsPerLineWidth);
        surface = SKSurface.Create(PngImage.Format(size, size))
            ?? throw new RepresentationException($"Image: expected a size that can be drawn, found {size} pixels.");
        line = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = lineWidth, StrokeJoin = SKStrokeJoin.Bevel };
        dot = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Fill };
        frame = new SKPaint { Style = SKPaintStyle.Stroke, StrokeWidth = 1, Color = new SKColor(208, 208, 208) };
    }

    /// <summary>The plot of the series as an RGB PNG.</summary>
    public byte[] Draw(DownsampledSeries series)
    {
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        var numColumns = layout is ChannelLayout.Overlaid ? 1 : (int)Math.Ceiling(Math.Sqrt(series.NumChannels));
        var numRows = layout is ChannelLayout.Overlaid ? 1 : (series.NumChannels + numColumns - 1) / numColumns;
        var (width, height) = ((float)size / numColumns, (float)size / numRows);
        DrawFrames(canvas, numColumns, numRows, width, height);
        for (var c = 0; c < series.NumChannels; c++)
        {
            var panel = layout is ChannelLayout.Overlaid ? 0 : c;
            var (left, top) = (panel % numColumns * width, panel / numColumns * height);
            DrawChannel(canvas, series, c, SKRect.Create(left, top, width, height));
        }
        return PngImage.Encode(surface);
    }

    /// <summary>A white image of the same size, as an RGB PNG.</summary>
    public byte[] Blank()
    {
        surface.Canvas.Clear(SKColors.White);
        return PngImage.Encode(surface);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        frame.Dispose();
        dot.Dispose();
        line.Dispose();
        path.Dispose();
        surface.Dispose();
    }

    private void DrawFrames(SKCanvas canvas, int numColumns, int numRows, float width, float height)
    {
        if (Math.Min(width, height) < NarrowestFramedPanel) return;
        for (var c = 1; c < numColumns; c++) Rule(MathF.Round(c * width) + 0.5f, isVertical: true);
        for (var r = 1; r < numRows; r++) Rule(MathF.Round(r * height) + 0.5f, isVertical: false);

        void Rule(float at, bool isVertical) => canvas.DrawLine(isVertical ? at : 0, isVertical ? 0 : at, isVertical ? at : size, isVertical ? size : at, frame);
    }

    private void DrawChannel(SKCanvas canvas, DownsampledSeries series, int channel, SKRect panel)
    {
        var (values, range) = (series.Values[channel], axes.Channels[channel]);
        line.Color = dot.Color = ChannelColours.Of(channel);
        // The line's whole width stays inside the panel, so that a value on the border can be seen.
        var inset = Math.Min(lineWidth, panel.Width / 4);
        panel.Inflate(-inset, -inset);
        var lastStep = Math.Max(axes.NumSteps, series.Length) - 1;

        path.Rewind();
        columns.Clear();
        var run = 0;
        for (var i = 0; i <= values.Length; i++)
        {
            if (i < values.Length && !double.IsNaN(values[i]))
            {
                var x = lastStep == 0 ? panel.MidX : (float)(panel.Left + (panel.Width * ((double)series.Times[i] / lastStep)));
                var share = Math.Clamp((values[i] - range.Low) / (range.High - range.Low), 0, 1);
                columns.Add(x, (float)(panel.Bottom - (panel.Height * share)));
                run++;
                continue;
            }
            if (run > 0) EndRun(canvas, run);
            run = 0;
        }
        canvas.DrawPath(path, line);
    }

    private void EndRun(SKCanvas canvas, int numPoints)
    {
        var points = columns.End();
        if (numPoints == 1) canvas.DrawCircle(points[0].X, points[0].Y, lineWidth, dot);
        else path.MoveTo(points[0].X, points[0].Y);
        for (var i = 1; i < points.Count; i++) path.LineTo(points[i].X, points[i].Y);
        columns.Clear();
    }
}
