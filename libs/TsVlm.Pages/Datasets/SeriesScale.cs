using TsVlm.Contracts.Http;

namespace TsVlm.Pages.Datasets;

/// <summary>The axes that plots of one data set share, so that classes and series can be compared by eye.</summary>
/// <param name="Length">Time steps of the time axis.</param>
/// <param name="StepsPerColumn">Time steps of each column.</param>
/// <param name="FirstChannel">Number of the first channel that is drawn.</param>
/// <param name="Ranges">Lowest and highest value of each channel that is drawn.</param>
public sealed record SeriesScale(int Length, int StepsPerColumn, int FirstChannel, IReadOnlyList<(double Low, double High)> Ranges)
{
    /// <summary>Axes that hold these series, and these means with their standard deviations.</summary>
    /// <param name="length">Time steps of the longest series.</param>
    /// <param name="stepsPerColumn">Time steps of each column.</param>
    /// <param name="firstChannel">Number of the first channel.</param>
    /// <param name="series">Series that are drawn; all with this number of steps per column.</param>
    /// <param name="means">Means of classes that are drawn.</param>
    public static SeriesScale Of(int length, int stepsPerColumn, int firstChannel, IReadOnlyList<SeriesOutline> series,
        IReadOnlyList<IReadOnlyList<ChannelMeans>> means)
    {
        var numChannels = series.Select(one => one.Channels.Count).Concat(means.Select(one => one.Count)).DefaultIfEmpty(0).Max();
        return new(length, stepsPerColumn, firstChannel, [.. Enumerable.Range(0, numChannels).Select(channel => Range(
        [
            .. series.Where(one => channel < one.Channels.Count).SelectMany(one => one.Channels[channel].Low.Concat(one.Channels[channel].High)),
            .. means.Where(one => channel < one.Count).SelectMany(one => Band(one[channel])),
        ]))]);
    }

    private static IEnumerable<double> Band(ChannelMeans means) =>
        means.Mean.Zip(means.Deviation).SelectMany(at => (double[])[at.First - at.Second, at.First + at.Second]);

    private static (double Low, double High) Range(IReadOnlyList<double> values)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(double.IsFinite)) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (!(low <= high)) return (0, 1);
        var room = high > low ? 0.04 * (high - low) : Math.Max(0.1 * Math.Abs(high), 0.5);
        return (low - room, high + room);
    }
}
