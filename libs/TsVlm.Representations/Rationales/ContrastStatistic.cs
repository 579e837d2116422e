using System.Globalization;
using System.Text;
using TsVlm.Contracts;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Rationales;

/// <summary>A statistic of a channel that may set a class apart.</summary>
/// <param name="Name">What a rationale calls it.</param>
/// <param name="Family">Statistics of one family say much the same; a rationale takes one of them.</param>
/// <param name="IsCount">Whether it is a whole number of its own, which rounding leaves as it is.</param>
/// <param name="Of">Its value; null where the channel leaves it undefined.</param>
internal sealed record ContrastStatistic(string Name, string Family, bool IsCount, Func<double[], ChannelStatistics, double?> Of)
{
    /// <summary>Every statistic, in the order that decides between equals.</summary>
    public static IReadOnlyList<ContrastStatistic> All { get; } =
    [
        new("range", "spread", false, Present(s => s.Range)),
        new("std", "spread", false, Present(s => s.Deviation)),
        new("mean", "level", false, Present(s => s.Mean)),
        new("median", "level", false, Present(s => s.Median)),
        new("max", "high", false, Present(s => s.Maximum)),
        new("min", "low", false, Present(s => s.Minimum)),
        new("skew", "skew", false, Varying(s => s.Skewness)),
        new("kurtosis", "kurtosis", false, Varying(s => s.Kurtosis)),
        new("autocorrelation", "smoothness", false, Varying(s => s.LagOneAutocorrelation)),
        new("crossings", "smoothness", true, Varying(s => s.MeanCrossings)),
        new("change", "trend", false, Varying(s => s.FittedChange)),
        new("step of max", "high", true, (values, s) => Varies(s) ? Array.IndexOf(values, s.Maximum) : null),
        new("step of min", "low", true, (values, s) => Varies(s) ? Array.IndexOf(values, s.Minimum) : null),
        new("length", "length", true, (_, s) => s.Length),
        new("missing", "missing", true, (_, s) => s.NumMissing),
    ];

    /// <summary>The value as it is written: a count whole, others as the prompt writes numbers.</summary>
    public string Write(double value, NumberFormat format)
    {
        if (IsCount && double.IsInteger(value)) return value.ToString("0", CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        NumberText.Append(text, value, format);
        return text.ToString();
    }

    /// <summary>The number that a reader takes from what was written.</summary>
    public static double Read(string written) => double.Parse(written, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static Func<double[], ChannelStatistics, double?> Present(Func<ChannelStatistics, double> of) =>
        (_, s) => s.NumMissing < s.Length ? of(s) : null;

    private static Func<double[], ChannelStatistics, double?> Varying(Func<ChannelStatistics, double> of) =>
        (_, s) => Varies(s) ? of(s) : null;

    private static bool Varies(ChannelStatistics statistics) => statistics.Deviation > 0;
}
