using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;

namespace TsVlm.Benchmarks;

/// <summary>
/// Latency and throughput of a running <c>tsvlm serve</c>: callers that each send one series and wait for its answer, again and again. The
/// callers run on the same machine.
/// </summary>
internal static class ServingLoad
{
    private const int NumSeries = 64;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Measures it.</summary>
    public static async Task Run(string url, string model, int numSteps, int numCallers, int seconds)
    {
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        var bodies = Enumerable.Range(0, NumSeries).Select(number => new { series = new[] { new[] { Walk(number, numSteps) } } }).ToArray();
        var latencies = new ConcurrentBag<double>();
        var (watch, end) = (Stopwatch.StartNew(), WarmUp + TimeSpan.FromSeconds(seconds));
        await Task.WhenAll(Enumerable.Range(0, numCallers).Select(async caller =>
        {
            for (var next = caller; watch.Elapsed < end; next++)
            {
                var started = watch.Elapsed;
                using var response = await client.PostAsJsonAsync($"/classify/{model}", bodies[next % NumSeries]);
                _ = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
                if (started >= WarmUp) latencies.Add((watch.Elapsed - started).TotalMilliseconds);
            }
        }));
        var sorted = latencies.Order().ToArray();
        Console.WriteLine($"{numCallers} callers, {numSteps} steps: {sorted.Length / (watch.Elapsed - WarmUp).TotalSeconds:F0} series/s, "
            + $"p50 {At(0.5):F1} ms, p95 {At(0.95):F1} ms, p99 {At(0.99):F1} ms over {sorted.Length} requests");

        double At(double share) => sorted[(int)(share * (sorted.Length - 1))];
    }

    private static double[] Walk(int seed, int numSteps)
    {
        var random = new Random(seed);
        var (values, level) = (new double[numSteps], 0.0);
        for (var t = 0; t < numSteps; t++) values[t] = level += random.NextDouble() - 0.5;
        return values;
    }
}
