using System.Text;
using TsVlm.Contracts;

namespace TsVlm.Representations.Text;

/// <summary>Writes a channel's statistics on one line, values in the unit and rounding of the numbers beside them.</summary>
internal static class StatisticsLine
{
    /// <summary>Length, mean, deviation and extremes alone.</summary>
    public static void AppendShort(StringBuilder text, int length, Moments moments, NumberFormat format)
    {
        text.Append("length ").Append(length);
        Write(text, "mean", moments.Mean, format);
        Write(text, "std", moments.Deviation, format);
        Write(text, "min", moments.Minimum, format);
        Write(text, "max", moments.Maximum, format);
        text.Append('\n');
    }

    /// <summary>All statistics.</summary>
    public static void Append(StringBuilder text, ChannelStatistics statistics, NumberFormat format)
    {
        text.Append("length ").Append(statistics.Length);
        Write("mean", statistics.Mean);
        Write("std", statistics.Deviation);
        Write("var", statistics.Variance);
        Write("min", statistics.Minimum);
        Write("max", statistics.Maximum);
        Write("range", statistics.Range);
        Write("median", statistics.Median);
        Write("skew", statistics.Skewness);
        Write("kurtosis", statistics.Kurtosis);
        Write("autocorrelation", statistics.LagOneAutocorrelation);
        Write("change", statistics.FittedChange);
        text.Append(" crossings ").Append(statistics.MeanCrossings);
        text.Append(" missing ").Append(statistics.NumMissing).Append('\n');

        void Write(string name, double value) => StatisticsLine.Write(text, name, value, format);
    }

    private static void Write(StringBuilder text, string name, double value, NumberFormat format)
    {
        text.Append(' ').Append(name).Append(' ');
        NumberText.Append(text, value, format);
    }
}
