using System.Text;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Downsampling;

namespace TsVlm.Representations.Text;

/// <summary>
/// What the text says of one series. Statistics and description are of the whole series, in the scale of the numbers, so shortening the
/// numbers leaves them as they are; they are made once.
/// </summary>
internal sealed class SeriesText(TimeSeries series, Representation representation, IReadOnlyList<ChannelScale> scales)
{
    private readonly Lazy<string> description = new(() => Describe(series, representation, scales), LazyThreadSafetyMode.None);

    /// <summary>The series described.</summary>
    public TimeSeries Series => series;

    /// <summary>True when the text holds numbers, so that a factor can shorten it.</summary>
    public static bool HasNumbers(Representation representation) =>
        representation.Arm is not Arm.Image && representation.Text is not (TextKind.None or TextKind.Statistics);

    /// <summary>True when the text states statistics of every channel.</summary>
    public static bool HasStatistics(Representation representation) =>
        representation.Arm is not Arm.Image && representation.Text is TextKind.Statistics or TextKind.WithStats;

    /// <summary>The text with the numbers shortened by the factor; ends in a new line unless empty.</summary>
    public string WithFactor(int factor)
    {
        if (!HasNumbers(representation)) return HasStatistics(representation) ? description.Value : "";
        var text = new StringBuilder(description.Value);
        var points = Downsampler.Shorten(series, representation.Downsampling, factor);
        NumberLines.Append(text, points, representation.Downsampling, factor, scales, representation.Numbers);
        return text.ToString();
    }

    private static string Describe(TimeSeries series, Representation representation, IReadOnlyList<ChannelScale> scales)
    {
        if (representation.Text is TextKind.Baseline) return "";
        var text = new StringBuilder();
        for (var c = 0; c < series.NumChannels; c++)
        {
            NumberLines.AppendName(text, c, series.NumChannels);
            var values = scales[c].Apply(series.Channel(c));
            if (representation.Text is TextKind.WithStats)
                StatisticsLine.Append(text, ChannelStatistics.Of(values), representation.Numbers);
            else if (representation.Text is TextKind.Statistics)
                StatisticsLine.AppendShort(text, values.Length, Moments.Of(values), representation.Numbers);
            else SignalDescription.Append(text, values, representation.Numbers);
        }
        return text.ToString();
    }
}
