using System.Text;
using TsVlm.Contracts;

namespace TsVlm.Representations.Text;

/// <summary>
/// Describes a channel on one line: trend, extremes with their steps, dominant period, level shifts and segments. Deterministic and
/// defined on every channel; for the description, gaps are bridged by straight lines and the ends held.
/// Example: "trend rising; max 2.10 at 34; min -1.20 at 3; period 25; shift up at 60; up 3-34, down 34-80".
/// </summary>
internal static class SignalDescription
{
    // A straight line changes by 3.46 of its standard deviations; a change below 1 explains under a twelfth of the variance.
    private const double MinChangeOfTrend = 1;

    public static void Append(StringBuilder text, ReadOnlySpan<double> channel, NumberFormat format)
    {
        var moments = Moments.Of(channel.ToArray());
        if (moments.Count == 0)
        {
            text.Append("all missing\n");
            return;
        }
        text.Append("trend ").Append(Trend(channel, moments.Deviation));
        AppendExtreme(text, "max", moments.Maximum, channel, format);
        AppendExtreme(text, "min", moments.Minimum, channel, format);

        var values = Bridged(channel);
        if (Periodicity.DominantPeriod(values) is { } period) text.Append("; period ").Append(period);
        else text.Append("; no period");
        foreach (var shift in LevelShifts.Find(values))
            text.Append("; shift ").Append(shift.IsUp ? "up" : "down").Append(" at ").Append(shift.Time);
        var swings = Swings.Find(values);
        for (var i = 0; i < swings.Count; i++)
            text.Append(i == 0 ? "; " : ", ").Append(swings[i].IsUp ? "up " : "down ").Append(swings[i].Start).Append('-')
                .Append(swings[i].End);
        text.Append('\n');
    }

    private static string Trend(ReadOnlySpan<double> channel, double deviation)
    {
        var change = deviation > 0 ? FittedLine.Through(channel).Change / deviation : 0;
        return change >= MinChangeOfTrend ? "rising" : change <= -MinChangeOfTrend ? "falling" : "flat";
    }

    private static void AppendExtreme(StringBuilder text, string name, double extreme, ReadOnlySpan<double> channel, NumberFormat format)
    {
        text.Append("; ").Append(name).Append(' ');
        NumberText.Append(text, extreme, format);
        text.Append(" at ").Append(channel.IndexOf(extreme));
    }

    private static double[] Bridged(ReadOnlySpan<double> channel)
    {
        var values = channel.ToArray();
        var last = -1;
        for (var t = 0; t < values.Length; t++)
        {
            if (double.IsNaN(values[t])) continue;
            for (var gap = last + 1; gap < t; gap++)
                values[gap] = last < 0 ? values[t] : values[last] + ((values[t] - values[last]) * (gap - last) / (t - last));
            last = t;
        }
        for (var gap = last + 1; gap < values.Length; gap++) values[gap] = values[last];
        return values;
    }
}
