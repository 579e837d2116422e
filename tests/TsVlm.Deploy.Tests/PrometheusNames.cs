using System.Diagnostics.Metrics;

namespace TsVlm.Deploy.Tests;

/// <summary>
/// What an instrument is called in Prometheus. The rule is that of OpenTelemetry's specification, "Prometheus and OpenMetrics Compatibility",
/// section "OTLP Metric points to Prometheus", as the Collector's Prometheus exporters apply it with their default add_metric_suffixes:
/// <list type="bullet">
/// <item>every character that no name may have becomes an underscore;</item>
/// <item>the unit follows, in words: s is seconds, By is bytes, and one without a word stands as it is;</item>
/// <item>a part of the unit in braces, such as {sample}, is an annotation and is left out; /s becomes per_second;</item>
/// <item>total follows for a counter that never falls.</item>
/// </list>
/// </summary>
internal static class PrometheusNames
{
    private static readonly Dictionary<string, string> Words = new() { ["s"] = "seconds", ["By"] = "bytes", ["1"] = "" };

    public static string Of(Instrument instrument) => Of(instrument.Name, instrument.Unit ?? "", IsCounter(instrument));

    public static string Of(string name, string unit, bool isCounter)
    {
        var parts = unit.Split('/', 2);
        var main = parts[0].Contains('{') ? "" : Words.GetValueOrDefault(parts[0], parts[0]);
        var per = parts.Length == 2 && parts[1] == "s" ? "per_second" : "";
        if (parts.Length == 2 && per.Length == 0) throw new ArgumentException($"{name}: expected a unit per s, found {unit}.", nameof(unit));
        return string.Join('_', [Label(name), .. new[] { main, per, isCounter ? "total" : "" }.Where(part => part.Length > 0)]);
    }

    /// <summary>The label of an attribute.</summary>
    public static string Label(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    /// <summary>The series of an instrument; a histogram has several.</summary>
    public static IEnumerable<string> SeriesOf(Instrument instrument)
    {
        var name = Of(instrument);
        return instrument.GetType().Name.StartsWith("Histogram", StringComparison.Ordinal)
            ? [$"{name}_bucket", $"{name}_sum", $"{name}_count"] : [name];
    }

    private static bool IsCounter(Instrument instrument) =>
        instrument.GetType().Name.Split('`')[0] is "Counter" or "ObservableCounter";
}
