namespace TsVlm.Tests.Telemetry;

/// <summary>
/// The spans of one trace as a tree of the product's own: what transports and clients put between two of its spans is left out.
/// </summary>
internal sealed class TelemetryTree
{
    private readonly Dictionary<string, TelemetrySpan> spans;

    public TelemetryTree(IEnumerable<TelemetrySpan> all, string trace) =>
        spans = all.Where(span => span.Trace == trace).ToDictionary(span => span.Id);

    public IReadOnlyCollection<TelemetrySpan> All => spans.Values;

    /// <summary>Spans whose parent was never received.</summary>
    public IEnumerable<TelemetrySpan> Orphans => spans.Values.Where(span => span.Parent.Length > 0 && !spans.ContainsKey(span.Parent));

    public IEnumerable<TelemetrySpan> Named(string name) => spans.Values.Where(span => span.Scope == "TsVlm" && span.Name == name);

    /// <summary>The names on the way from the root, such as <c>run / dispatch training / training / epoch</c>.</summary>
    public string PathOf(TelemetrySpan span)
    {
        var names = new Stack<string>();
        for (var at = span; at is not null; at = spans.GetValueOrDefault(at.Parent))
        {
            if (at.Scope == "TsVlm") names.Push(at.Name);
        }
        return string.Join(" / ", names);
    }

    /// <summary>Every way there is, transfers left out, sorted.</summary>
    public IReadOnlyList<string> Paths =>
        [.. spans.Values.Where(span => span.Scope == "TsVlm" && !span.Name.StartsWith("artifact", StringComparison.Ordinal)).Select(PathOf)
        .Order(StringComparer.Ordinal)];

    public override string ToString() => string.Join('\n', spans.Values.OrderBy(span => span.Started)
        .Select(span => $"{span.Service} {span.Scope}: {span.Name} {span.Id} below {span.Parent} [{PathOf(span)}] {string.Join(", ", span.Facts.Select(f => $"{f.Key}={f.Value}"))} {span.Problem}"));
}
