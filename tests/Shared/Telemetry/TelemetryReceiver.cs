using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TsVlm.Tests.Telemetry;

/// <summary>Receives OTLP as protobuf over HTTP, as a collector does.</summary>
internal sealed class TelemetryReceiver : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<TelemetrySpan> spans = new();
    private readonly ConcurrentQueue<TelemetryMetric> metrics = new();
    private readonly ConcurrentQueue<TelemetryLog> logs = new();
    private readonly ConcurrentQueue<(IReadOnlyDictionary<string, object> Resource, string? Token)> sources = new();
    private readonly Task receiving;

    public TelemetryReceiver()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            listener.Prefixes.Add($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }
        listener.Start();
        receiving = Task.Run(Receive);
    }

    /// <summary>
    /// How a process is told to send here, and soon. A machine under load must not be taken for a lost command, which would be a further
    /// attempt.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = listener.Prefixes.Single().TrimEnd('/'),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "300",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "300",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["Reconciler__HeartbeatTimeoutSeconds"] = "600",
    };

    public IReadOnlyList<TelemetrySpan> Spans => [.. spans];

    public IReadOnlyList<TelemetryMetric> Metrics => [.. metrics];

    public IReadOnlyList<TelemetryLog> Logs => [.. logs];

    /// <summary>Who sent each request: its resource and the value of its header x-token.</summary>
    public IReadOnlyList<(IReadOnlyDictionary<string, object> Resource, string? Token)> Sources => [.. sources];

    public void Dispose()
    {
        listener.Stop();
        receiving.GetAwaiter().GetResult();
        listener.Close();
    }

    private async Task Receive()
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                Take(context.Request.Url!.AbsolutePath, context.Request.Headers["x-token"], new(body.ToArray()));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or IOException)
            {
                // It is stopped, or a sender was killed in the middle of a request.
            }
        }
    }

    private void Take(string path, string? token, TelemetryMessage request)
    {
        foreach (var resource in request.Messages(1))
        {
            var attributes = resource.Messages(1).Single().Attributes(1);
            sources.Enqueue((attributes, token));
            var service = (string)attributes["service.name"];
            foreach (var scope in resource.Messages(2))
            {
                var name = scope.Messages(1).Single().Text(1);
                foreach (var item in scope.Messages(2))
                {
                    if (path == "/v1/traces") spans.Enqueue(TelemetrySpan.Read(service, name, item));
                    else if (path == "/v1/metrics") metrics.Enqueue(TelemetryMetric.Read(service, name, item));
                    else if (path == "/v1/logs") logs.Enqueue(TelemetryLog.Read(service, item));
                }
            }
        }
    }
}

/// <summary>A span; links and parent by their ids.</summary>
internal sealed record TelemetrySpan(string Service, string Scope, string Name, string Trace, string Id, string Parent)
{
    public required IReadOnlyDictionary<string, object> Facts { get; init; }

    public required IReadOnlyList<(string Trace, string Id)> Links { get; init; }

    public required string Problem { get; init; }

    public required bool Failed { get; init; }

    public required ulong Started { get; init; }

    public required ulong Ended { get; init; }

    public static TelemetrySpan Read(string service, string scope, TelemetryMessage span) =>
        new(service, scope, span.Text(5), span.Hex(1), span.Hex(2), span.Hex(4))
    {
        Started = span.Number(7),
        Ended = span.Number(8),
        Facts = span.Attributes(9),
        Links = [.. span.Messages(13).Select(link => (link.Hex(1), link.Hex(2)))],
        Problem = span.Messages(15).FirstOrDefault()?.Text(2) ?? "",
        Failed = span.Messages(15).FirstOrDefault()?.Number(3) == 2,
    };
}

/// <summary>A metric as it was sent once: its points by their attributes.</summary>
internal sealed record TelemetryMetric(string Service, string Scope, string Name, string Description, string Unit)
{
    public required IReadOnlyList<(IReadOnlyDictionary<string, object> Facts, double Value)> Points { get; init; }

    /// <summary>Gauge (5) and sum (7) have numbers, a histogram (9) is read as its sum.</summary>
    public static TelemetryMetric Read(string service, string scope, TelemetryMessage metric) =>
        new(service, scope, metric.Text(1), metric.Text(2), metric.Text(3))
        {
            Points =
            [
                .. metric.Messages(5).Concat(metric.Messages(7)).SelectMany(data => data.Messages(1))
                    .Select(point => ((IReadOnlyDictionary<string, object>)point.Attributes(7),
                        point.Has(4) ? BitConverter.UInt64BitsToDouble(point.Number(4)) : (double)(long)point.Number(6))),
                .. metric.Messages(9).SelectMany(data => data.Messages(1))
                    .Select(point => ((IReadOnlyDictionary<string, object>)point.Attributes(9),
                        BitConverter.UInt64BitsToDouble(point.Number(5)))),
            ],
        };
}

/// <summary>A line of a log.</summary>
internal sealed record TelemetryLog(string Service, string Text, string Trace, IReadOnlyDictionary<string, object> Facts)
{
    public static TelemetryLog Read(string service, TelemetryMessage log) => new(
        service, log.Messages(5).Select(TelemetryMessage.Value).FirstOrDefault() as string ?? "", log.Hex(9),
        log.Messages(6).GroupBy(pair => pair.Text(1))
        .ToDictionary(pairs => pairs.Key, pairs => TelemetryMessage.Value(pairs.First().Messages(2).Single())));
}
