using System.Diagnostics;
using TsVlm.Serving.Tests.Fuzzing;

namespace TsVlm.Benchmarks;

/// <summary>
/// Mutated requests against a running <c>tsvlm serve</c>: how many were answered with each status, and every answer that is a fault of the server.
/// </summary>
internal static class ServingFuzz
{
    private const int AtOnce = 16;
    private const int Portion = 10_000;

    /// <summary>Sends them; the exit code is 1 if there is a fault.</summary>
    public static async Task<int> Run(string url, string model, int count)
    {
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        var mutated = new MutatedRequests(seed: 1, model);
        var (all, numFaults, watch) = (new SortedDictionary<int, int>(), 0, Stopwatch.StartNew());
        for (var sent = 0; sent < count; sent += Portion)
        {
            var portion = Enumerable.Range(0, Math.Min(Portion, count - sent)).Select(_ => mutated.Next()).ToList();
            var (statuses, faults) = await FuzzedCalls.Send(client, portion, AtOnce, CancellationToken.None);
            foreach (var (status, number) in statuses) all[status] = all.GetValueOrDefault(status) + number;
            foreach (var fault in faults) Console.WriteLine(fault);
            numFaults += faults.Count;
            Console.WriteLine($"{sent + portion.Count} requests, {watch.Elapsed.TotalSeconds:F0} s: {string.Join(", ", all.Select(s => $"{s.Key} {s.Value}"))}");
        }
        using var ready = await client.GetAsync(new Uri("/v2/health/ready", UriKind.Relative));
        Console.WriteLine($"{numFaults} faults; afterwards the server is {(ready.IsSuccessStatusCode ? "ready" : "not ready")}.");
        return numFaults == 0 && ready.IsSuccessStatusCode ? 0 : 1;
    }
}
