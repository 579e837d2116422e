using System.Collections.Concurrent;
using System.Globalization;

namespace TsVlm.Chaos.Api;

/// <summary>An answer, or with status 0 the error of the transport instead of one.</summary>
internal readonly record struct RequestRecord(string Kind, int Status, double Milliseconds);

/// <summary>What was asked and how it was answered.</summary>
internal sealed class RequestLog
{
    public const int TransportError = 0;
    private const int TooManyRequests = 429;
    private const int MaxCharactersShown = 300;
    private readonly ConcurrentQueue<RequestRecord> records = new();
    private readonly ConcurrentDictionary<(string Kind, int Status), string> examples = new();

    /// <param name="kind">What was asked for.</param>
    /// <param name="status">Status of the answer.</param>
    /// <param name="milliseconds">Time until the answer was read.</param>
    /// <param name="detail">The body or the error; the first of each kind and status is kept, unless it is a success.</param>
    public void Add(string kind, int status, double milliseconds, string detail = "")
    {
        records.Enqueue(new(kind, status, milliseconds));
        if (status is < 200 or >= 300) examples.TryAdd((kind, status), detail);
    }

    public int NumServerErrors => records.Count(record => record.Status >= 500);

    public int NumTransportErrors => records.Count(record => record.Status == TransportError);

    /// <summary>The latencies of all answers, or of those of one kind.</summary>
    public LatencySummary Latency(string? kind = null) => LatencySummary.Of(records
        .Where(record => record.Status != TransportError && (kind is null || record.Kind == kind)).Select(record => record.Milliseconds));

    public void Print(double seconds)
    {
        var all = records.ToList();
        Output.Line($"{all.Count} requests in {seconds:0.0} s, {all.Count / seconds:0.0} per second");
        Output.Line("kind             requests    per s      p50      p95      p99      max  ms; answers");
        Output.Line(Row("all", all, seconds));
        foreach (var kind in all.GroupBy(record => record.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
            Output.Line(Row(kind.Key, [.. kind], seconds));
        Output.Line($"Answers: 2xx {InClass(all, 2)}, 3xx {InClass(all, 3)}, 4xx {InClass(all, 4) - NumTooMany(all)} beside 429, "
            + $"429 {NumTooMany(all)}, 5xx {InClass(all, 5)}; transport errors {all.Count(record => record.Status == TransportError)}");
        foreach (var ((kind, status), detail) in examples.OrderByDescending(example => example.Key.Status))
            Output.Line($"first {kind} {status}: {detail[..Math.Min(detail.Length, MaxCharactersShown)].ReplaceLineEndings(" ")}");
    }

    private static string Row(string kind, List<RequestRecord> records, double seconds)
    {
        var latency = LatencySummary.Of(records.Where(record => record.Status != TransportError).Select(record => record.Milliseconds));
        var statuses = records.CountBy(record => record.Status).OrderBy(status => status.Key)
            .Select(status => $"{(status.Key == TransportError ? "transport error" : status.Key)}: {status.Value}");
        return string.Create(CultureInfo.InvariantCulture,
            $"{kind,-16} {records.Count,8} {records.Count / seconds,8:0.0} {latency}  {string.Join(", ", statuses)}");
    }

    private static int InClass(IEnumerable<RequestRecord> records, int hundreds) => records.Count(record => record.Status / 100 == hundreds);

    private static int NumTooMany(IEnumerable<RequestRecord> records) => records.Count(record => record.Status == TooManyRequests);
}
