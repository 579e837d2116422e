namespace TsVlm.Representations.Images;

/// <summary>
/// The points of one unbroken line, reduced to the first, lowest, highest and last of each pixel column: the line through them covers the
/// same pixels as the line through all (M4, Jugel et al. 2014). Reused from line to line.
/// </summary>
internal sealed class PixelColumns
{
    private readonly List<(float X, float Y)> points = [];
    private (float X, float Y) first, low, high, last;
    private int column;
    private int count;

    /// <summary>Starts an empty line.</summary>
    public void Clear()
    {
        points.Clear();
        count = 0;
    }

    /// <summary>Adds the next point; x never falls.</summary>
    public void Add(float x, float y)
    {
        var at = (int)x;
        if (count > 0 && at != column) Flush();
        if (count++ == 0) (column, first, low, high) = (at, (x, y), (x, y), (x, y));
        if (y < low.Y) low = (x, y);
        if (y > high.Y) high = (x, y);
        last = (x, y);
    }

    /// <summary>Ends the line and yields its points; valid until the next call of <see cref="Clear"/>.</summary>
    public IReadOnlyList<(float X, float Y)> End()
    {
        if (count > 0) Flush();
        return points;
    }

    private void Flush()
    {
        points.Add(first);
        var (earlier, later) = low.X <= high.X ? (low, high) : (high, low);
        AddUnlessRepeated(earlier);
        AddUnlessRepeated(later);
        AddUnlessRepeated(last);
        count = 0;
    }

    private void AddUnlessRepeated((float X, float Y) point)
    {
        if (points[^1] != point) points.Add(point);
    }
}
