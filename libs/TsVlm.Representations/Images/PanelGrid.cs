namespace TsVlm.Representations.Images;

/// <summary>
/// Panels for that many channels in a square, row by row: as many columns as the square root of their number, rounded up.
/// </summary>
internal sealed class PanelGrid
{
    private const int NarrowestPanelWithGap = 12;

    private readonly int size;

    /// <exception cref="RepresentationException">More channels than a panel of one pixel each has room for.</exception>
    public PanelGrid(int size, int numChannels)
    {
        this.size = size;
        NumColumns = (int)Math.Ceiling(Math.Sqrt(numChannels));
        NumRows = (numChannels + NumColumns - 1) / NumColumns;
        if (NumColumns > size)
            throw new RepresentationException(
                $"Image: expected at most {(long)size * size} channels in an image of {size} pixels, found {numChannels}; use the image kind line-plot, which overlays them.");
    }

    /// <summary>Panels side by side.</summary>
    public int NumColumns { get; }

    /// <summary>Panels above each other.</summary>
    public int NumRows { get; }

    /// <summary>A channel's pixels; between panels that are wide enough one pixel stays free.</summary>
    public (int Left, int Top, int Width, int Height) Panel(int channel)
    {
        var (left, right) = Side(channel % NumColumns, NumColumns);
        var (top, bottom) = Side(channel / NumColumns, NumRows);
        return (left, top, right - left, bottom - top);
    }

    private (int First, int End) Side(int part, int numParts)
    {
        var (first, end) = Field.Part(part, numParts, size);
        return (first, part < numParts - 1 && end - first >= NarrowestPanelWithGap ? end - 1 : end);
    }
}
