using TsVlm.Data;
using TsVlm.Representations.Downsampling;

namespace TsVlm.Representations.Images;

/// <summary>
/// An image for a vision transformer: one tile for each of its patches, so that each patch sees one place of the series at several zoom
/// levels. A channel is resampled to 256 points and scaled separately to mean 0 and deviation 1, so amplitude and offset are lost. The tiles
/// are time positions in raster order; a tile's rows are windows of more and more widely spaced points around its position, clamped at the
/// series' ends. Red is x / 2, green the window minus its mean, blue green over the window's deviation plus 0.1; black is -2, white 2. This
/// project's own kind: docs/images.md. Each channel has an image of its own, and so may parts of it: one sheet holds them all.
/// </summary>
internal sealed class ZoomMosaic
{
    /// <summary>Points that a series is resampled to, whatever the number of tiles.</summary>
    public const int NumPoints = 256;

    private const byte White = 255;
    private const double LargestValue = 2;
    private const double MinDeviation = 0.1;

    // Spacing of a window's points, for a patch of 14 rows; other patches take as many values from the same curve.
    private static readonly double[] Dilations = [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18.5];

    private readonly int size, patchSize, numWindows, width, height;
    private readonly byte[] rgba;

    /// <summary>A renderer of sheets of images.</summary>
    /// <param name="size">Width and height of an image in pixels.</param>
    /// <param name="patchSize">Width and height of the patches that the model cuts it into; pixels that are left over are white.</param>
    /// <param name="numChannels">Channels, a row of the sheet each.</param>
    /// <param name="numWindows">Images of a channel, side by side: of the whole, and of each window of half its length.</param>
    public ZoomMosaic(int size, int patchSize, int numChannels, int numWindows)
    {
        (this.size, this.patchSize, this.numWindows) = (size, patchSize, numWindows);
        (width, height) = (size * numWindows, size * numChannels);
        rgba = new byte[width * height * 4];
    }

    /// <summary>The sheet as an RGB PNG, uncompressed; the images of a channel without any value are white.</summary>
    public byte[] Draw(DownsampledSeries series)
    {
        rgba.AsSpan().Fill(White);
        for (var c = 0; c < series.NumChannels; c++)
        {
            if (RegularValues.Of(series, c) is not { } values) continue;
            for (var window = 0; window < numWindows; window++)
                DrawImage(Normalised(Resampled(values[Steps(window, values.Length)])), window * size, c * size);
        }
        return PngImage.Store(rgba, width, height);
    }

    /// <summary>A sheet without any series: white.</summary>
    public byte[] Blank()
    {
        rgba.AsSpan().Fill(White);
        return PngImage.Store(rgba, width, height);
    }

    /// <summary>
    /// The time steps of a window: window 0 is the whole, the others half of it, each beginning a quarter later; of fewer than four steps all
    /// are the whole.
    /// </summary>
    public static Range Steps(int window, int length) =>
        window == 0 || length < 4 ? .. : (int)((window - 1L) * length / 4)..(int)((window + 1L) * length / 4);

    private void DrawImage(double[] points, int left, int top)
    {
        var across = size / patchSize;
        for (var tile = 0; tile < across * across; tile++)
        {
            var (row, column) = Math.DivRem(tile, across);
            DrawTile(points, Position(tile, across * across), left + (column * patchSize), top + (row * patchSize), patchSize);
        }
    }

    /// <summary>The middle of one of so many equal parts of the resampled series, between points.</summary>
    public static double Position(int tile, int numTiles) => ((tile + 0.5) * NumPoints / numTiles) - 0.5;

    /// <summary>Spacing of the points in a row of a tile of so many rows.</summary>
    public static double Dilation(int row, int numRows) => At(Dilations, numRows == 1 ? 0 : row * (Dilations.Length - 1.0) / (numRows - 1));

    /// <summary>A series as 256 points: means of pieces where it is longer, else points on the lines between its values.</summary>
    public static double[] Resampled(double[] values)
    {
        if (values.Length >= NumPoints) return RegularValues.Aggregated(values, NumPoints);
        return [.. Enumerable.Range(0, NumPoints).Select(i => At(values, i * (values.Length - 1.0) / (NumPoints - 1)))];
    }

    /// <summary>Minus mean, over standard deviation; a constant is 0, also one that resampling has rounded.</summary>
    public static double[] Normalised(double[] points) => ZNormalisation.Of(points);

    private void DrawTile(double[] points, double position, int left, int top, int tileSize)
    {
        Span<double> window = stackalloc double[tileSize];
        for (var row = 0; row < tileSize; row++)
        {
            var dilation = Dilation(row, tileSize);
            var (sum, squares) = (0.0, 0.0);
            for (var column = 0; column < tileSize; column++)
            {
                window[column] = At(points, position + ((column - ((tileSize - 1) / 2.0)) * dilation));
                sum += window[column];
            }
            var mean = sum / tileSize;
            foreach (var value in window) squares += (value - mean) * (value - mean);
            var scale = 1 / (Math.Sqrt(squares / tileSize) + MinDeviation);
            var pixels = rgba.AsSpan((((top + row) * width) + left) * 4, tileSize * 4);
            for (var column = 0; column < tileSize; column++)
            {
                var green = window[column] - mean;
                (pixels[column * 4], pixels[(column * 4) + 1], pixels[(column * 4) + 2]) = (Byte(window[column] / 2), Byte(green),
                    Byte(green * scale));
            }
        }
    }

    /// <summary>Value at a place between points, on the line between its neighbours; the ends are clamped.</summary>
    public static double At(double[] points, double place)
    {
        if (place <= 0) return points[0];
        if (place >= points.Length - 1) return points[^1];
        var below = (int)place;
        return points[below] + ((points[below + 1] - points[below]) * (place - below));
    }

    private static byte Byte(double value) => (byte)((White / 2.0 * (1 + Math.Clamp(value / LargestValue, -1, 1))) + 0.5);
}
