using TsVlm.Data;

namespace TsVlm.Representations.Images;

/// <summary>
/// The axes of every plot of a data set, fitted on the training split, so that amplitude and length stay information.
/// The value axis runs from the smallest to the largest training value and 5% of that range further at both ends; values outside are drawn
/// on the border. Channels share one value axis, in both layouts, unless a channel's own range is under a fifth of the shared one: then
/// each channel has its own. The time axis is as long as the longest training series; a longer series shrinks the time axis of its own
/// plot.
/// </summary>
/// <param name="NumSteps">Time steps across the plot.</param>
/// <param name="Channels">Range of values of each channel.</param>
public sealed record PlotAxes(int NumSteps, IReadOnlyList<ValueRange> Channels)
{
    private const double Margin = 0.05;
    private const double MinShareOfSharedAxis = 0.2;

    /// <summary>Fits the axes; every training series has the same number of channels.</summary>
    public static PlotAxes Fit(IReadOnlyList<TimeSeries> training)
    {
        var extremes = Enumerable.Range(0, training[0].NumChannels).Select(channel => Extremes(training, channel)).ToArray();
        var present = extremes.Where(e => e.Low <= e.High).ToArray();
        if (present.Length > 0)
        {
            var shared = new ValueRange(present.Min(e => e.Low), present.Max(e => e.High));
            if (present.All(e => e.High - e.Low >= MinShareOfSharedAxis * (shared.High - shared.Low))) Array.Fill(extremes, shared);
        }
        return new PlotAxes(training.Max(series => series.Length), [.. extremes.Select(Widened)]);
    }

    private static ValueRange Extremes(IReadOnlyList<TimeSeries> training, int channel)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var series in training)
        {
            foreach (var value in series.Channel(channel))
            {
                if (value < low) low = value;
                if (value > high) high = value;
            }
        }
        return new ValueRange(low, high);
    }

    // A constant stands in the middle, with room of its own magnitude for other values; an axis without values is -1..1.
    private static ValueRange Widened(ValueRange range)
    {
        if (range.Low > range.High) return new ValueRange(-1, 1);
        var margin = Margin * (range.High - range.Low);
        if (range.Low - margin < range.High + margin) return new ValueRange(range.Low - margin, range.High + margin);
        var room = range.Low == 0 ? 1 : Math.Abs(range.Low);
        return new ValueRange(range.Low - room, range.High + room);
    }
}
