using System.Diagnostics;
using System.Text.Json.Nodes;

namespace TsVlm.Chaos.Api;

/// <summary>Cancels an experiment of many runs while its commands are being sent.</summary>
internal static class ApiCancelExperiment
{
    private const int ScenariosAndBaselines = 2;
    private const int MaxSeeds = 1000;
    private const int PollMs = 100;
    private const int PageSize = 1000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    // Two looks of the reconciler, which may still have old news.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    public static async Task<IReadOnlyList<string>> Run(int numRuns, string? repository)
    {
        await using var system = await ApiSystem.Start(repository);
        var log = new RequestLog();
        using var caller = new ApiCaller(system.Scenarios.Http.BaseAddress!, Timeout, log);
        var start = await ProcessMemory.Of(system.Scenarios.Id);
        var whole = Stopwatch.StartNew();

        var (status, text) = await caller.Post(RequestKinds.Submit, "/experiments", BodyOf(numRuns));
        if (status is not 201) throw new ChaosException($"The experiment was refused: {status} {text}");
        var id = (string)JsonNode.Parse(text)!["id"]!;
        Output.Line($"Submitted in {whole.Elapsed.TotalSeconds:0.0} s");
        await WaitUntilSending(caller, id);
        var watch = Stopwatch.StartNew();
        var cancelling = Cancel(caller, id, watch);
        var ended = await WaitUntilEnded(caller, id, watch);
        var (cancelStatus, answered) = await cancelling;
        var seconds = whole.Elapsed.TotalSeconds;
        await Task.Delay(Settling);
        var view = await Show(caller, id);
        var numOpen = view.Total - view.Cancelled - view.Succeeded - view.Failed;

        Output.Line($"POST cancel of {view.Total} runs answered {cancelStatus} after {answered.TotalSeconds:0.0} s");
        Output.Line(ended is { } all ? $"All runs had ended {all.TotalSeconds:0.0} s after the request" : "Not all runs have ended");
        Output.Line($"Runs: {view.Cancelled} cancelled, {view.Succeeded} succeeded, {view.Failed} failed, {numOpen} open of {view.Total} "
            + $"{Settling.TotalSeconds} s later; {await NumSent(caller, id, view.Total)} commands had been sent");
        log.Print(seconds);
        var memory = await ProcessMemory.Of(system.Scenarios.Id);
        Output.Line($"Resident memory of scenarios: {start.ResidentMb:0} MB at the start, {memory.ResidentMb:0} MB at the end, VmHWM {memory.PeakMb:0} MB; processor time {system.Scenarios.ProcessorTime.TotalSeconds:0.0} s; {ApiSystem.LoadOfMachine()}");
        var findings = new List<string>();
        if (cancelStatus is not (200 or 202)) findings.Add($"expected 200 or 202, found {cancelStatus}");
        if (answered > Limit) findings.Add($"expected an answer within {Limit.TotalSeconds} s, found {answered.TotalSeconds:0}");
        if (ended is null || ended > Limit) findings.Add($"expected that all runs had ended {Limit.TotalSeconds} s after the request");
        if (ended is not null && numOpen > 0) findings.Add($"expected runs that have ended to stay so, found {numOpen} under way again");
        return findings;
    }

    private static async Task<(int Status, TimeSpan Answered)> Cancel(ApiCaller caller, string id, Stopwatch watch) =>
        ((await caller.Post(RequestKinds.Cancel, $"/experiments/{id}/cancel")).Status, watch.Elapsed);

    /// <summary>One scenario and one baseline that draws at random, with every seed on every resample.</summary>
    private static string BodyOf(int numRuns)
    {
        var numPairs = numRuns / ScenariosAndBaselines;
        var numSeeds = Enumerable.Range(1, Math.Min(MaxSeeds, numPairs)).Last(count => numPairs % count == 0);
        return $$"""
            {
              "grid": {{Grids.Of("cancelled", 1, 0.1, "\"minirocket\"")}}, "datasets": ["CBF"],
              "seeds": [{{string.Join(',', Enumerable.Range(0, numSeeds))}}], "resamples": [{{string.Join(',', Enumerable.Range(0, numPairs / numSeeds))}}]
            }
            """;
    }

    /// <summary>Waits until the first command is sent: many follow it.</summary>
    private static async Task WaitUntilSending(ApiCaller caller, string id)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Limit; await Task.Delay(PollMs))
        {
            var (status, text) = await caller.Get("first run", $"/experiments/{id}?limit=1");
            if (status == 200 && JsonNode.Parse(text)!["runs"]![0]!["stages"]!.AsArray().Any(stage => (string)stage!["status"]! == "sent"))
                return;
        }
        throw new ChaosException($"Nothing was sent within {Limit.TotalSeconds} s.");
    }

    private static async Task<int> NumSent(ApiCaller caller, string id, int numRuns)
    {
        var numSent = 0;
        for (var offset = 0; offset < numRuns; offset += PageSize)
        {
            var (status, text) = await caller.Get("page of runs", $"/experiments/{id}?offset={offset}&limit={PageSize}");
            if (status != 200) throw new ChaosException($"GET /experiments/{id}: expected 200, found {status} {text}");
            numSent += JsonNode.Parse(text)!["runs"]!.AsArray().SelectMany(run => run!["stages"]!.AsArray())
                .Sum(stage => (int)stage!["attempts"]!);
        }
        return numSent;
    }

    /// <summary>Asks until every run has ended; null where they have not within the limit.</summary>
    private static async Task<TimeSpan?> WaitUntilEnded(ApiCaller caller, string id, Stopwatch watch)
    {
        while (watch.Elapsed < Limit)
        {
            var counts = await Show(caller, id);
            if (counts.Total > 0 && counts.Succeeded + counts.Failed + counts.Cancelled == counts.Total) return watch.Elapsed;
            await Task.Delay(PollMs);
        }
        return null;
    }

    /// <summary>Runs by how they ended; none where the request fails.</summary>
    private static async Task<(int Total, int Succeeded, int Failed, int Cancelled)> Show(ApiCaller caller, string id)
    {
        var (status, text) = await caller.Get("poll", $"/experiments/{id}?limit=1");
        if (status != 200) return default;
        var counts = JsonNode.Parse(text)!["numRuns"]!;
        return ((int)counts["total"]!, (int)counts["succeeded"]!, (int)counts["failed"]!, (int)counts["cancelled"]!);
    }
}
