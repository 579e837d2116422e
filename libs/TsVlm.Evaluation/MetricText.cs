using System.Globalization;

namespace TsVlm.Evaluation;

/// <summary>How the report writes metrics: the same metric looks the same everywhere.</summary>
public static class MetricText
{
    /// <summary>What stands for a metric that is not defined.</summary>
    public const string Undefined = "–";

    /// <summary>A share or score between 0 and 1, or a loss: three decimals.</summary>
    public static string Score(double value) => Text(value, "0.000");

    /// <summary>A share in per cent with one decimal.</summary>
    public static string Percent(double share) => double.IsNaN(share) ? Undefined : Text(100 * share, "0.0") + " %";

    /// <summary>A difference of shares in percentage points, signed.</summary>
    public static string Points(double difference) => Text(100 * difference, "+0.0;−0.0;0.0");

    /// <summary>Seconds: one decimal below 100.</summary>
    public static string Seconds(double seconds) => Text(seconds, seconds < 100 ? "0.0" : "0");

    /// <summary>A rate: one decimal below 100; a dash where nothing was counted.</summary>
    public static string Rate(double perSecond) => perSecond == 0 ? Undefined : Text(perSecond, perSecond < 100 ? "0.0" : "0");

    /// <summary>Megabytes.</summary>
    public static string Megabytes(double megabytes) => Text(megabytes, "#,0");

    /// <summary>A duration for reading: seconds, minutes or hours.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        double.NaN => Undefined,
        < 99.5 => Text(seconds, "0") + " s",
        < 5970 => Text(seconds / 60, "0") + " min",
        _ => Text(seconds / 3600, "0.0") + " h",
    };

    /// <summary>A count with its noun in the right number.</summary>
    public static string Count(int count, string singular, string? plural = null) =>
        $"{count.ToString("#,0", CultureInfo.InvariantCulture)} {(count == 1 ? singular : plural ?? singular + "s")}";

    /// <summary>A P as a table shows it.</summary>
    public static string PValue(double p) => p < 0.001 ? p.ToString("0.0e0", CultureInfo.InvariantCulture) : Score(p);

    /// <summary>A P in a sentence.</summary>
    public static string P(double p) => p < 1e-4 ? "P < 0.0001" : $"P = {p.ToString("0.0000", CultureInfo.InvariantCulture)}";

    private static string Text(double value, string format) => value switch
    {
        double.NaN => Undefined,
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ => value.ToString(format, CultureInfo.InvariantCulture),
    };
}
