using System.Collections.Concurrent;
using System.Diagnostics;

namespace TsVlm.Chaos;

/// <summary>Many runs at once whose artifacts are there already: what remains is what the machinery itself costs.</summary>
internal static class LoadExperiment
{
    private const int RunsOfOne = 10;
    private const double MaxProcessorMs = 50;
    private const double MaxLatencyMs = 100;
    private const double MaxMemoryGrowthMb = 200;

    public static async Task<IReadOnlyList<string>> Run(int numRuns)
    {
        await using var system = await DistributedSystem.Start();
        foreach (var kind in (string[])["datagen", "trainer", "evaluator"]) system.Add(kind, 1);
        await system.WaitReady();
        var first = await system.Submit(Grids.Of("first", RunsOfOne, 0.1), ["CBF"]);
        await system.WaitUntil(first, view => view.Ended, TimeSpan.FromMinutes(3));
        Output.Line($"The artifacts of {RunsOfOne} runs are there.");

        var before = system.Services.ToDictionary(service => service.Name, service => (service.ProcessorTime, service.MemoryMb));
        using var end = new CancellationTokenSource();
        var (latencies, memory) = (new ConcurrentBag<double>(), new ConcurrentBag<double>());
        var polling = Poll(system, first, latencies, memory, end.Token);
        var watch = Stopwatch.StartNew();
        var ids = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(1, numRuns / RunsOfOne), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) => ids.Add(await system.Submit(Grids.Of($"load{i}", RunsOfOne, 0.1), ["CBF"])));
        var submitted = watch.Elapsed.TotalSeconds;
        var numSucceeded = 0;
        foreach (var id in ids)
            numSucceeded += (await system.WaitUntil(id, view => view.Ended && view.Report == "done",
                TimeSpan.FromMinutes(10))).NumSucceeded;
        var seconds = watch.Elapsed.TotalSeconds;
        await end.CancelAsync();
        await polling;

        var used = system.Services.Select(
            service => (service.Name, Ms: (service.ProcessorTime - before[service.Name].ProcessorTime).TotalMilliseconds / numRuns))
            .ToList();
        var sorted = latencies.Order().ToList();
        var p99 = sorted[(int)(0.99 * (sorted.Count - 1))];
        var growth = memory.Max() - before[system.Scenarios.Name].MemoryMb;
        Output.Line($"{numSucceeded} runs of {ids.Count} experiments succeeded in {seconds:0.0} s ({submitted:0.0} s to submit), {numRuns / seconds:0} runs/s.");
        Output.Line($"Processor time a run: {used.Sum(u => u.Ms):0.0} ms ("
            + string.Join(", ", used.Select(u => FormattableString.Invariant($"{u.Name} {u.Ms:0.0}"))) + ").");
        Output.Line($"API: {sorted.Count} requests, median {sorted[sorted.Count / 2]:0.0} ms, p99 {p99:0.0} ms, longest {sorted[^1]:0.0} ms.");
        Output.Line($"Memory of scenarios: {before[system.Scenarios.Name].MemoryMb:0} MB before, at most {memory.Max():0} MB.");

        var findings = new List<string>();
        if (numSucceeded != numRuns) findings.Add($"expected {numRuns} runs to succeed, found {numSucceeded}");
        if (growth > MaxMemoryGrowthMb)
            findings.Add(FormattableString.Invariant($"expected scenarios to grow by at most {MaxMemoryGrowthMb} MB, found {growth:0}"));
        // Times of a short load are those of a program that is still being compiled.
        if (numRuns < 1000) return findings;
        if (used.Sum(u => u.Ms) > MaxProcessorMs)
            findings.Add(FormattableString.Invariant(
                $"expected at most {MaxProcessorMs} ms of processor time a run, found {used.Sum(u => u.Ms):0.0}"));
        if (p99 > MaxLatencyMs) findings.Add(FormattableString.Invariant($"expected a p99 of at most {MaxLatencyMs} ms, found {p99:0.0}"));
        return findings;
    }

    /// <summary>Asks as people and pages do, and looks at the memory of scenarios.</summary>
    private static async Task Poll(DistributedSystem system, string id, ConcurrentBag<double> latencies, ConcurrentBag<double> memory,
        CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            foreach (var path in (string[])[$"/experiments/{id}", "/experiments"])
            {
                var started = Stopwatch.GetTimestamp();
                using var answer = await system.Scenarios.Http.GetAsync(new Uri(path, UriKind.Relative), CancellationToken.None);
                // The list of experiments may not be offered by this version.
                if (answer.IsSuccessStatusCode) latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            memory.Add(system.Scenarios.MemoryMb);
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
