using TsVlm.Messaging;

namespace TsVlm.Chaos;

/// <summary>
/// A run that kills its worker every time: trainers may use a few seconds of processor time each, by the kernel's own limit, and one run
/// wants hours. It must end as failed with its reason, and the others must not suffer.
/// </summary>
internal static class PoisonExperiment
{
    private const int SecondsOfProcessorTime = 12;

    public static async Task<IReadOnlyList<string>> Run()
    {
        await using var system = await DistributedSystem.Start();
        system.Add("datagen", 1);
        system.Add("evaluator", 1);
        // Without snapshots the poisonous run begins anew every time.
        var settings = new Dictionary<string, string> { ["Trainer__SecondsBetweenSnapshots"] = "3600", ["Trainer__NumThreads"] = "1" };
        system.Add("trainer", 2, $"-t {SecondsOfProcessorTime}", settings);
        await system.WaitReady();
        var poison = """, { "name": "poison", "recipe": { "learningRate": 1e-3, "epochs": 1000 } }""";
        var id = await system.Submit(Grids.Of("poison", 4, 0.1, more: poison), ["CBF"]);
        var numDeaths = 0;
        var end = await system.WaitUntil(id, view =>
        {
            foreach (var trainer in system.Services.Where(service => service is { Kind: "trainer", IsRunning: false }))
            {
                Output.Line($"{trainer.Name} was killed; it is started again, as an orchestrator would ({++numDeaths}).");
                trainer.Start();
            }
            return view.Ended;
        }, TimeSpan.FromMinutes(8));

        var findings = new List<string>();
        var failures = end.Failures.ToList();
        var failed = failures.FirstOrDefault(failure => failure.Run.Contains(".poison.", StringComparison.Ordinal)
            && failure.Stage == "training");
        Output.Line($"{end.NumSucceeded} of {end.NumRuns} runs succeeded; {failed.Run} {failed.Reason}");
        if (failed.Reason?.Contains($"failed: Given up after {CommandQueues.MaxDeliveries} deliveries from the queue train-model",
            StringComparison.Ordinal) != true)
            findings.Add($"expected the poisonous run to have failed with its reason, found '{failed.Reason}'");
        if (end.NumSucceeded != end.NumRuns - 1) findings.Add($"expected every other run to succeed, found {string.Join("; ", failures)}");
        if (numDeaths < CommandQueues.MaxDeliveries)
            findings.Add($"expected {CommandQueues.MaxDeliveries} killed workers, found {numDeaths}");
        if (end.Report != "done") findings.Add($"expected the report, found it {end.Report}");
        return findings;
    }
}
