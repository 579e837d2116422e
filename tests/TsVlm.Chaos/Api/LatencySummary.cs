namespace TsVlm.Chaos.Api;

/// <summary>Percentiles of latencies, in milliseconds.</summary>
internal readonly record struct LatencySummary(int Count, double P50, double P95, double P99, double Max)
{
    public static LatencySummary Of(IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToList();
        return new(sorted.Count, Percentile(sorted, 50), Percentile(sorted, 95), Percentile(sorted, 99), Percentile(sorted, 100));
    }

    public override string ToString() => FormattableString.Invariant($"{P50,8:0.0} {P95,8:0.0} {P99,8:0.0} {Max,8:0.0}");

    /// <summary>The nearest rank: the smallest value that at least so many percent do not exceed; 0 of none.</summary>
    private static double Percentile(List<double> sorted, int percent) =>
        sorted.Count == 0 ? 0 : sorted[(int)(((long)percent * sorted.Count + 99) / 100) - 1];
}
