using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TsVlm.Benchmarks;

/// <summary>
/// Many streams of a running <c>tsvlm serve</c>, each with one window a second, over a few WebSockets: how many windows are answered in a
/// second, and how long after the time at which their last samples were due. The senders run on the same machine.
/// </summary>
internal static class StreamLoad
{
    private const int NumSockets = 16, StepsPerSecond = 32;

    /// <summary>Measures it.</summary>
    public static async Task Run(string url, string model, int window, int numStreams, int seconds)
    {
        var watch = Stopwatch.StartNew();
        var (delays, refusals, last) = (new ConcurrentBag<double>(), new ConcurrentBag<string>(), 0.0);
        var due = new ConcurrentDictionary<(string Id, int Samples), double>();
        var sockets = await Task.WhenAll(Enumerable.Range(0, Math.Min(NumSockets, numStreams)).Select(_ => Connect(url, model)));
        await Task.WhenAll(sockets.Select(async (socket, number) =>
        {
            string[] ids = [.. Enumerable.Range(0, numStreams).Where(stream => stream % sockets.Length == number).Select(stream => $"{stream}")];
            await Task.WhenAll(Send(socket, ids), Receive(socket, ids.Length * seconds));
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
            socket.Dispose();
        }));
        var sorted = delays.Order().ToArray();
        Console.WriteLine($"{numStreams} streams, windows of {window} steps, {seconds} s: {sorted.Length / last:F0} windows/s answered of {numStreams} due, "
            + $"delay p50 {At(0.5):F2} s, p95 {At(0.95):F2} s, p99 {At(0.99):F2} s; {refusals.Count} pieces refused {refusals.FirstOrDefault()}");

        // The first piece has a whole window, each later one a second's samples.
        async Task Send(ClientWebSocket socket, string[] ids)
        {
            for (var second = 0; second < seconds; second++)
            {
                foreach (var (place, id) in ids.Index())
                {
                    var at = second + ((double)place / ids.Length);
                    if (TimeSpan.FromSeconds(at) - watch.Elapsed is { Ticks: > 0 } wait) await Task.Delay(wait);
                    due[(id, window + (second * StepsPerSecond))] = at;
                    // Of its own for each window: equal ones in a pass are computed once.
                    var series = new[] { Walk((int.Parse(id, CultureInfo.InvariantCulture) * 1000) + second, second == 0 ? window : StepsPerSecond) };
                    await socket.SendAsync(second == 0
                        ? JsonSerializer.SerializeToUtf8Bytes(new { id, start = new { window, hop = StepsPerSecond }, series })
                        : JsonSerializer.SerializeToUtf8Bytes(new { id, series, end = second == seconds - 1 }),
                        WebSocketMessageType.Text, true, CancellationToken.None);
                }
            }
        }

        async Task Receive(ClientWebSocket socket, int count)
        {
            var buffer = new byte[1 << 16];
            for (var message = 0; message < count; message++)
            {
                var (length, part) = (0, default(ValueWebSocketReceiveResult));
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                var answer = JsonNode.Parse(buffer.AsSpan(0, length))!;
                if (answer["error"] is { } error) refusals.Add((string)error!);
                else
                {
                    delays.Add(watch.Elapsed.TotalSeconds - due[((string)answer["id"]!, (int)answer["samples"]!)]);
                    last = watch.Elapsed.TotalSeconds;
                }
            }
        }

        double At(double share) => sorted[(int)(share * (sorted.Length - 1))];
    }

    private static async Task<ClientWebSocket> Connect(string url, string model)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(url) { Scheme = "ws", Path = $"/stream/{model}" }.Uri, CancellationToken.None);
        return socket;
    }

    private static double[] Walk(int seed, int numSteps)
    {
        var random = new Random(seed);
        var (values, level) = (new double[numSteps], 0.0);
        for (var t = 0; t < numSteps; t++) values[t] = level += random.NextDouble() - 0.5;
        return values;
    }
}
