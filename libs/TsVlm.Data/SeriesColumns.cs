namespace TsVlm.Data;

/// <summary>
/// Series in columns of equally many time steps, as far as a plot shows them: the lowest and highest value of each column cover the pixels
/// that the line through all values covers. Missing values count for nothing; a column without any other is NaN.
/// </summary>
public static class SeriesColumns
{
    /// <summary>The least number of time steps of a column that leaves the longest series at most so many columns.</summary>
    /// <param name="longest">Time steps of the longest series.</param>
    /// <param name="numColumns">Most columns.</param>
    public static int StepsPerColumn(int longest, int numColumns) => (int)(((long)longest + numColumns - 1) / numColumns);

    /// <summary>Lowest and highest value of each column.</summary>
    /// <param name="values">Values of a channel (time steps).</param>
    /// <param name="steps">Time steps of a column; the last may have fewer.</param>
    public static (double[] Low, double[] High) Extremes(ReadOnlySpan<double> values, int steps)
    {
        var numColumns = StepsPerColumn(values.Length, steps);
        var (low, high) = (new double[numColumns], new double[numColumns]);
        for (var column = 0; column < numColumns; column++)
        {
            var (min, max) = (double.NaN, double.NaN);
            foreach (var value in Part(values, column, steps))
            {
                // Comparisons with NaN are false, so the first value that is there is taken, and no missing one.
                if (!(min <= value)) min = double.IsNaN(value) ? min : value;
                if (!(max >= value)) max = double.IsNaN(value) ? max : value;
            }
            (low[column], high[column]) = (min, max);
        }
        return (low, high);
    }

    /// <summary>Mean and standard deviation (of the values, not of the mean) of each column over series of any length.</summary>
    /// <param name="series">The series; those without the channel count for nothing.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="steps">Time steps of a column.</param>
    public static (double[] Mean, double[] Deviation) Means(IReadOnlyCollection<TimeSeries> series, int channel, int steps)
    {
        ArgumentNullException.ThrowIfNull(series);
        var numColumns = series.Count == 0 ? 0 : StepsPerColumn(series.Max(one => one.Length), steps);
        var (mean, squares, counts) = (new double[numColumns], new double[numColumns], new long[numColumns]);
        foreach (var one in series.Where(one => channel < one.NumChannels))
        {
            var values = one.Channel(channel);
            for (var column = 0; column < StepsPerColumn(values.Length, steps); column++)
            {
                foreach (var value in Part(values, column, steps))
                {
                    if (double.IsNaN(value)) continue;
                    // Welford (1962): no difference of large sums.
                    var change = value - mean[column];
                    mean[column] += change / ++counts[column];
                    squares[column] += change * (value - mean[column]);
                }
            }
        }
        return ([.. mean.Zip(counts, (value, count) => count == 0 ? double.NaN : value)],
            [.. squares.Zip(counts, (sum, count) => count == 0 ? double.NaN : Math.Sqrt(sum / count))]);
    }

    private static ReadOnlySpan<double> Part(ReadOnlySpan<double> values, int column, int steps) =>
        values.Slice(column * steps, Math.Min(steps, values.Length - (column * steps)));
}
