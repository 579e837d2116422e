using System.Text;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Fitting;

/// <summary>
/// Warns where rounding takes a channel's information away: more than half of its distinct training values are written as one text.
/// </summary>
internal static class CollapseWarnings
{
    // Enough to judge a channel by; taken evenly over the split.
    private const int MaxValues = 20_000;

    public static IReadOnlyList<string> Of(IReadOnlyList<TimeSeries> training, IReadOnlyList<ChannelScale> scales, NumberFormat format)
    {
        var warnings = new List<string>();
        var numValues = training.Sum(series => (long)series.Length);
        var stride = (int)Math.Max(1, numValues / MaxValues);
        for (var c = 0; c < scales.Count; c++)
        {
            var values = DistinctValues(training, c, stride);
            if (values.Count < 2) continue;
            var (text, count) = MostFrequentText(values, scales[c], format);
            if (2 * count > values.Count)
                warnings.Add(FormattableString.Invariant(
                    $"Channel {c}: {count} of {values.Count} distinct training values are written as '{text}'; normalise, use significant digits or more digits."));
        }
        return warnings;
    }

    private static HashSet<double> DistinctValues(IReadOnlyList<TimeSeries> training, int channel, int stride)
    {
        var (distinct, skip) = (new HashSet<double>(), 0);
        foreach (var series in training)
        {
            var values = series.Channel(channel);
            for (; skip < values.Length; skip += stride)
                if (!double.IsNaN(values[skip])) distinct.Add(values[skip]);
            skip -= values.Length;
        }
        return distinct;
    }

    private static (string Text, int Count) MostFrequentText(HashSet<double> values, ChannelScale scale, NumberFormat format)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var text = new StringBuilder();
        foreach (var value in values)
        {
            NumberText.Append(text.Clear(), scale.Apply(value), format);
            var written = text.ToString();
            counts[written] = counts.GetValueOrDefault(written) + 1;
        }
        var (max, count) = counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).First();
        return (max, count);
    }
}
