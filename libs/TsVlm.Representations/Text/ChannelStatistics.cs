namespace TsVlm.Representations.Text;

/// <summary>
/// Statistics of one channel over its present values. Every statistic is defined on every channel: what a constant, too short or wholly
/// missing channel leaves undefined is 0.
/// </summary>
public sealed record ChannelStatistics
{
    /// <summary>Time steps, missing ones included.</summary>
    public required int Length { get; init; }

    /// <summary>Missing time steps.</summary>
    public required int NumMissing { get; init; }

    /// <summary>Arithmetic mean.</summary>
    public required double Mean { get; init; }

    /// <summary>Population standard deviation (divided by n).</summary>
    public required double Deviation { get; init; }

    /// <summary>Square of <see cref="Deviation"/>.</summary>
    public double Variance => Deviation * Deviation;

    /// <summary>Smallest value.</summary>
    public required double Minimum { get; init; }

    /// <summary>Largest value.</summary>
    public required double Maximum { get; init; }

    /// <summary>Largest minus smallest value.</summary>
    public double Range => Maximum - Minimum;

    /// <summary>Middle value; the mean of the two middle ones for an even count.</summary>
    public required double Median { get; init; }

    /// <summary>Third standardised moment.</summary>
    public required double Skewness { get; init; }

    /// <summary>Fourth standardised moment minus 3, so that a normal distribution has 0.</summary>
    public required double Kurtosis { get; init; }

    /// <summary>
    /// Sum of products of neighbouring deviations over the sum of squared deviations; pairs with a missing value are left out.
    /// </summary>
    public required double LagOneAutocorrelation { get; init; }

    /// <summary>Rise of the least-squares line from the first to the last time step.</summary>
    public required double FittedChange { get; init; }

    /// <summary>How often the series crosses its mean.</summary>
    public required int MeanCrossings { get; init; }

    /// <summary>The statistics of a channel (time steps), NaN where missing.</summary>
    public static ChannelStatistics Of(ReadOnlySpan<double> channel)
    {
        var values = channel.ToArray();
        var moments = Moments.Of(values);
        var (skewness, kurtosis) = HigherMoments(values, moments);
        return new ChannelStatistics
        {
            Length = values.Length,
            NumMissing = values.Length - moments.Count,
            Mean = moments.Mean,
            Deviation = moments.Deviation,
            Minimum = moments.Minimum,
            Maximum = moments.Maximum,
            Median = MedianOf(values),
            Skewness = skewness,
            Kurtosis = kurtosis,
            LagOneAutocorrelation = LagOne(values, moments),
            FittedChange = FittedLine.Through(values).Change,
            MeanCrossings = Crossings(values, moments.Mean),
        };
    }

    private static double MedianOf(double[] values)
    {
        var sorted = values.Where(value => !double.IsNaN(value)).Order().ToArray();
        if (sorted.Length == 0) return 0;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] / 2) + (sorted[middle] / 2);
    }

    private static (double Skewness, double Kurtosis) HigherMoments(double[] values, Moments moments)
    {
        if (moments.Deviation == 0) return (0, 0);
        var (third, fourth) = (0.0, 0.0);
        foreach (var value in values)
        {
            if (double.IsNaN(value)) continue;
            var z = (value - moments.Mean) / moments.Deviation;
            third += z * z * z;
            fourth += z * z * z * z;
        }
        return (third / moments.Count, (fourth / moments.Count) - 3);
    }

    private static double LagOne(double[] values, Moments moments)
    {
        if (moments.Deviation == 0) return 0;
        var sum = 0.0;
        for (var t = 1; t < values.Length; t++)
        {
            var product = (values[t] - moments.Mean) / moments.Deviation * ((values[t - 1] - moments.Mean) / moments.Deviation);
            if (!double.IsNaN(product)) sum += product;
        }
        return sum / moments.Count;
    }

    private static int Crossings(double[] values, double mean)
    {
        var (crossings, side) = (0, 0);
        foreach (var value in values)
        {
            var now = double.IsNaN(value) ? 0 : Math.Sign(value - mean);
            if (now == 0) continue;
            if (side == -now) crossings++;
            side = now;
        }
        return crossings;
    }
}
