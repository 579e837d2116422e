namespace TsVlm.Representations.Images;

/// <summary>
/// Overlapping windows of a series as the rows of a matrix, after TiViT (Roschmann et al., "Time Series Representations for Classification
/// Lie Hidden in Pretrained Vision Transformers", 2025): windows of about the square root of the series' length. Unlike there the values
/// keep the data set's scale.
/// </summary>
internal static class WindowHeatMap
{
    private const int OverlappingWindows = 10;

    /// <summary>
    /// (windows, steps of a window) values; consecutive windows start a tenth of a window apart, or further where there would be more than
    /// so many rows.
    /// </summary>
    public static double[,] Of(double[] values, int mostRows)
    {
        var width = Math.Max(1, (int)Math.Round(Math.Sqrt(values.Length)));
        var numStarts = values.Length - width + 1;
        var stride = Math.Max(Math.Max(1, width / OverlappingWindows), (numStarts + mostRows - 1) / mostRows);
        var windows = new double[(numStarts + stride - 1) / stride, width];
        for (var row = 0; row < windows.GetLength(0); row++)
            for (var column = 0; column < width; column++) windows[row, column] = values[(row * stride) + column];
        return windows;
    }
}
