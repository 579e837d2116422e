using System.Text.Json.Nodes;

namespace TsVlm.Chaos.Api;

/// <summary>The services for measurements of the API: default settings, artifacts in a folder, and no limit on requests.</summary>
internal static class ApiSystem
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(1);

    /// <summary>Of services that have no such setting, it is ignored.</summary>
    private static readonly Dictionary<string, string> Settings = new() { ["Api__RequestsPerSecond"] = "100000" };

    /// <summary>Starts the servers and scenarios.</summary>
    /// <param name="repository">The repository whose built services are started; null for this one.</param>
    public static async Task<DistributedSystem> Start(string? repository)
    {
        Output.Line($"Services of {(repository is null ? "this build" : "another build")}; {LoadOfMachine()}");
        var system = await DistributedSystem.StartWithFolder(Settings, repository is null ? null : Path.GetFullPath(repository));
        await system.WaitReady();
        return system;
    }

    /// <summary>Runs three small experiments until they have a report, with workers that end afterwards.</summary>
    public static async Task<IReadOnlyList<FinishedExperiment>> Finish(DistributedSystem system)
    {
        foreach (var kind in (string[])["datagen", "trainer", "evaluator"]) system.Add(kind, 1);
        await system.WaitReady();
        var finished = new List<FinishedExperiment>();
        foreach (var datasets in (string[][])[["CBF"], ["SyntheticControl"], ["CBF", "SyntheticControl"]])
        {
            var id = await system.Submit(Grids.Of("finished", 3, 0.1, "\"1nn-ed\""), datasets);
            var end = await system.WaitUntil(id, view => view.Ended, TimeSpan.FromMinutes(3));
            if (end.NumSucceeded != end.NumRuns || end.Report != "done")
                throw new ChaosException($"Experiment {id}: expected runs that succeed and a report, found {end.OpenStages()}.");
            var files = JsonNode.Parse(await system.Scenarios.Http.GetStringAsync(new Uri($"/experiments/{id}/files", UriKind.Relative)))!;
            // Older services answer the list itself, not a page of it.
            var list = files as JsonArray ?? files["items"]!.AsArray();
            finished.Add(new(id, [.. list.Select(file => (string)file!["name"]!)], [.. end.EvaluationAttempts.Select(run => run.Id)]));
        }
        foreach (var worker in system.Services.Where(service => service != system.Scenarios)) await worker.Stop(StopLimit);
        Output.Line($"{finished.Count} experiments with {finished.Sum(experiment => experiment.Runs.Count)} runs are finished; the workers have ended.");
        return finished;
    }

    /// <summary>What else runs here, as the kernel has it.</summary>
    public static string LoadOfMachine() =>
        $"{Environment.ProcessorCount} cores, load averages {string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3])}";
}
