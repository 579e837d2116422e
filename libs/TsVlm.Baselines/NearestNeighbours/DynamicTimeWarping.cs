namespace TsVlm.Baselines.NearestNeighbours;

/// <summary>
/// Dynamic time warping with squared differences summed over channels (dependent DTW, Shokoohi-Yekta et al. 2017) in a Sakoe-Chiba band.
/// Cells that cannot lie on a path within the cutoff are left out, as in EAPrunedDTW (Herrmann and Webb 2021);
/// a cell that can lie on one gets the very value the full table would hold, so pruning never changes a result.
/// </summary>
internal static class DynamicTimeWarping
{
    /// <summary>
    /// Share by which every bound is loosened. Sums of the same terms in another order differ by rounding (less than 1e-11 for any
    /// length in use); with the slack a bound never excludes a path that is exactly as long as the cutoff.
    /// </summary>
    public const double Slack = 1e-9;

    /// <summary>Room that <see cref="Distance"/> needs for series of at most this length.</summary>
    public static int BufferLength(int longest) => 2 * (longest + 2);

    /// <summary>Distance, or positive infinity once it is sure to exceed <paramref name="cutoff"/>.</summary>
    /// <param name="rows">Values (time steps * channels).</param>
    /// <param name="columns">Values (time steps * channels).</param>
    /// <param name="numChannels">Channels of both series.</param>
    /// <param name="window">Half width of the band in steps; widened to the difference in length, so that a path exists.</param>
    /// <param name="cutoff">Largest distance of interest; infinity for any.</param>
    /// <param name="rest">Lower bounds (rows + 1) of what the rows from each on will cost; empty for none.</param>
    /// <param name="buffer">At least <see cref="BufferLength"/> of the longer series.</param>
    public static double Distance(
        ReadOnlySpan<double> rows, ReadOnlySpan<double> columns, int numChannels, int window, double cutoff, ReadOnlySpan<double> rest,
        Span<double> buffer)
    {
        var (numRows, numColumns) = (rows.Length / numChannels, columns.Length / numChannels);
        window = Math.Max(window, Math.Abs(numRows - numColumns));
        var loosened = cutoff + cutoff * Slack;

        // Cell s of a row stands for column s - 1; cell 0 is the border. Only cells first..last of the row above lie within the cutoff;
        // the cells on either side of them hold infinity.
        var above = buffer[..(numColumns + 2)];
        var current = buffer.Slice(buffer.Length / 2, numColumns + 2);
        above[0] = 0;
        above[1] = double.PositiveInfinity;
        var (first, last) = (0, 0);
        for (var row = 0; row < numRows; row++)
        {
            var limit = rest.IsEmpty ? loosened : loosened - rest[row + 1];
            var point = rows.Slice(row * numChannels, numChannels);
            var end = Math.Min(numColumns, row + 1 + Math.Min(window, numColumns));
            var reach = Math.Min(end, last + 1);

            // Cells with nothing to their left, until the first within the limit.
            var s = Math.Max(Math.Max(first, 1), row + 1 - window);
            var value = double.PositiveInfinity;
            for (; s <= reach; s++)
            {
                value = double.MinNative(above[s - 1], above[s]) + Cost(point, columns, s);
                if (value <= limit) break;
            }
            if (s > reach) return double.PositiveInfinity;
            (first, current[s - 1], current[s]) = (s, double.PositiveInfinity, value);
            var newLast = s++;

            // Cells that all three neighbours may lead to.
            for (; s <= reach; s++)
            {
                value = double.MinNative(double.MinNative(above[s - 1], above[s]), value) + Cost(point, columns, s);
                current[s] = value;
                if (value <= limit) newLast = s;
            }

            // Cells that only their left neighbour leads to.
            for (; s <= end; s++)
            {
                value += Cost(point, columns, s);
                if (!(value <= limit)) break;
                current[s] = value;
                newLast = s;
            }
            last = newLast;
            current[last + 1] = double.PositiveInfinity;
            var done = above;
            above = current;
            current = done;
        }
        return last == numColumns ? above[numColumns] : double.PositiveInfinity;
    }

    private static double Cost(ReadOnlySpan<double> point, ReadOnlySpan<double> columns, int cell)
    {
        if (point.Length == 1)
        {
            var difference = point[0] - columns[cell - 1];
            return difference * difference;
        }
        var sum = 0.0;
        var other = columns.Slice((cell - 1) * point.Length, point.Length);
        for (var channel = 0; channel < other.Length; channel++)
        {
            var difference = point[channel] - other[channel];
            sum += difference * difference;
        }
        return sum;
    }
}
