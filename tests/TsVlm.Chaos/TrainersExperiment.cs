using System.Globalization;

namespace TsVlm.Chaos;

/// <summary>The same number of trainings by one trainer and by two.</summary>
internal static class TrainersExperiment
{
    private const double LargestRatio = 0.6;
    private const int MinCores = 4;   // two trainers, each with what one trainer has, and the servers

    public static async Task<IReadOnlyList<string>> Run(int numRuns)
    {
        await using var system = await DistributedSystem.Start();
        system.Add("datagen", 1);
        system.Add("evaluator", 1);
        var settings = new Dictionary<string, string> { ["Trainer__NumThreads"] = "1" };
        system.Add("trainer", 1, more: settings);
        await system.WaitReady();
        var one = await Measure(system, numRuns, seed: 1);
        system.Add("trainer", 1, more: settings);
        await system.WaitReady();
        var two = await Measure(system, numRuns, seed: 2);
        var ratio = two.Seconds / one.Seconds;
        Output.Line($"{numRuns} trainings: {one.Seconds:0.0} s by one trainer, {two.Seconds:0.0} s by two ({ratio:0.00}), {Environment.ProcessorCount} cores; "
            + string.Create(CultureInfo.InvariantCulture, $"the two did {string.Join(" and ", two.Shares)}."));

        var findings = new List<string>();
        if (two.Shares.Count != 2 || two.Shares.Min() < 0.4 * numRuns)
            findings.Add($"expected an even split between two trainers, found {string.Join(", ", two.Shares)}");
        if (Environment.ProcessorCount >= MinCores && ratio > LargestRatio)
            findings.Add(FormattableString.Invariant($"expected at most {LargestRatio} of the time, found {ratio:0.00}"));
        return findings;
    }

    /// <summary>
    /// Seconds of all trainings from the first command to the last answer, by the run state's own times; and how many each trainer did.
    /// </summary>
    private static async Task<(double Seconds, IReadOnlyList<int> Shares)> Measure(DistributedSystem system, int numRuns, int seed)
    {
        var id = await system.Submit(Grids.Of("share", numRuns, 0.3), ["CBF"], seed);
        var started = await system.WaitUntil(id, view => Training(view).Any(stage => (string)stage["status"]! != "waiting"),
            TimeSpan.FromMinutes(1));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await system.WaitUntil(id, view => Training(view).All(stage => (string)stage["status"]! == "done"), TimeSpan.FromMinutes(5));
        var seconds = watch.Elapsed.TotalSeconds;
        var end = await system.WaitUntil(id, view => view.Ended, TimeSpan.FromMinutes(3));
        if (end.NumSucceeded != numRuns) throw new ChaosException($"Expected {numRuns} runs to succeed: {end.OpenStages()}");
        return (seconds, [.. Training(end).CountBy(stage => (string)stage["worker"]!).Select(pair => pair.Value)]);
    }

    private static IEnumerable<System.Text.Json.Nodes.JsonNode> Training(ExperimentView view) =>
        view.Stages.Where(stage => (string)stage["stage"]! == "training");
}
