using System.Diagnostics;

namespace TsVlm.Chaos.Api;

/// <summary>Many clients at once that mostly read, and some that follow events.</summary>
internal static class ApiLoadExperiment
{
    private const int ClientsPerEventReader = 10;
    private const int SampleMs = 250;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public static async Task<IReadOnlyList<string>> Run(int numClients, int numSeconds, ThinkTime think, string? repository)
    {
        await using var system = await ApiSystem.Start(repository);
        var known = new KnownExperiments(await ApiSystem.Finish(system));
        var log = new RequestLog();
        using var caller = new ApiCaller(system.Scenarios.Http.BaseAddress!, Timeout, log);
        var numReaders = numClients / ClientsPerEventReader;
        var start = await ProcessMemory.Of(system.Scenarios.Id);
        var (usedBefore, ownBefore) = (system.Scenarios.ProcessorTime, Environment.CpuUsage.TotalTime);
        Output.Line($"{numClients} clients, {numReaders} of which hold streams of events, for {numSeconds} s; a pause of {think.MinMs} to {think.MaxMs} ms after each answer");

        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(numSeconds));
        var watch = Stopwatch.StartNew();
        var sampling = PeakMemory(system.Scenarios.Id, end.Token);
        await Task.WhenAll(Enumerable.Range(0, numClients).Select(i => Task.Run(() => i < numReaders
            ? new EventReader(i, think, caller, known, log).Run(end.Token)
            : new ApiClient(i, think, caller, known).Run(end.Token))));
        var seconds = watch.Elapsed.TotalSeconds;

        log.Print(seconds);
        var memory = await ProcessMemory.Of(system.Scenarios.Id);
        Output.Line($"Resident memory of scenarios: {start.ResidentMb:0} MB at the start, at most {await sampling:0} MB, {memory.ResidentMb:0} MB at the end; VmHWM {start.PeakMb:0} and {memory.PeakMb:0} MB");
        Output.Line($"Processor time: scenarios {(system.Scenarios.ProcessorTime - usedBefore).TotalSeconds:0.0} s, clients {(Environment.CpuUsage.TotalTime - ownBefore).TotalSeconds:0.0} s, of {seconds * Environment.ProcessorCount:0} s on all cores; {ApiSystem.LoadOfMachine()}");
        var findings = new List<string>();
        if (log.NumServerErrors > 0) findings.Add($"expected no answer of 5xx, found {log.NumServerErrors}");
        if (log.NumTransportErrors > 0) findings.Add($"expected every request to be answered, found {log.NumTransportErrors} that were not");
        return findings;
    }

    private static async Task<double> PeakMemory(int processId, CancellationToken end)
    {
        var peak = 0d;
        while (!end.IsCancellationRequested)
        {
            peak = Math.Max(peak, (await ProcessMemory.Of(processId)).ResidentMb);
            await ThinkTime.Wait(SampleMs, end);
        }
        return peak;
    }
}
