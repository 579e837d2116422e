using System.Text.RegularExpressions;
using TsVlm.Artifacts.Blobs;
using TsVlm.Tests;

namespace TsVlm.Chaos;

/// <summary>
/// An experiment of small runs during which faults happen one after another, each when the experiment has come as far as its place in the
/// sequence says: times are counted in stages done, not in seconds, so that a seed means the same everywhere.
/// </summary>
internal static partial class ChaosExperiment
{
    private static readonly TimeSpan LongestStall = TimeSpan.FromMinutes(3);

    public static async Task<IReadOnlyList<string>> Run(int numFaults, int seed, int numRuns)
    {
        // Two data sets, each with one baseline.
        var grid = Grids.Of("chaos", (numRuns - 2) / Grids.Datasets.Length, 0.1, "\"1nn-ed\"");
        Output.Line($"{numRuns} runs, {numFaults} faults, seed {seed}. The same runs undisturbed, in one process, beside them.");
        var undisturbed = OneProcess.Run(grid);
        await using var system = await DistributedSystem.Start();
        foreach (var (kind, count) in new[] { ("datagen", 1), ("trainer", 2), ("evaluator", 2) }) system.Add(kind, count);
        await system.WaitReady();
        await system.Queues.KeepCopies(["generate-samples", "train-model", "evaluate-model"]);
        var id = await system.Submit(grid, Grids.Datasets);
        Output.Line($"Experiment {id} is under way on {system.Services.Count} processes.");

        var injection = new FaultInjection(system);
        var faults = FaultSequence.Of(seed, numFaults);
        foreach (var fault in faults)
        {
            var due = 0;
            var at = await system.WaitUntil(id, view => view.NumStagesDone >= (due = view.NumStages * (fault.Number - 1) / (numFaults + 1)),
                LongestStall);
            Output.Line($"{fault}   (due at {due} of {at.NumStages} stages done; {at.NumStagesDone} are)");
            await injection.Inject(fault);
        }
        await injection.Settle();
        Output.Line($"All faults have happened.");
        var end = await system.WaitUntil(id, view => view.Ended, LongestStall);
        Output.Line($"The experiment has ended: {end.NumSucceeded} of {end.NumRuns} runs succeeded, report {end.Report}.");
        var expected = await undisturbed;
        Output.Line($"Undisturbed: {expected.NumArtifacts} artifacts, {expected.Files.Count} files to compare.");
        return [.. await Findings(system, end, expected, faults, numRuns)];
    }

    private static async Task<IReadOnlyList<string>> Findings(
        DistributedSystem system, ExperimentView end, StoreContents expected, IReadOnlyList<Fault> faults, int numRuns)
    {
        var findings = new List<string>();
        if (end.NumRuns != numRuns) findings.Add($"expected {numRuns} runs, found {end.NumRuns}");
        findings.AddRange(end.Failures.Select(failure => $"{failure.Run} did not succeed: {failure.Stage} {failure.Reason}"));
        if (end.Report != "done") findings.Add($"expected the report, found it {end.Report}");

        using var folder = new TemporaryFolder();
        var options = new BlobStoreOptions();
        using var store = new BlobArtifactStore(BlobConnection.Container(system.Store.ConnectionString, options), folder.Path, options);
        var found = await StoreContents.Of(store);
        findings.AddRange(found.Damage);
        findings.AddRange(expected.Files.Keys.Except(found.Files.Keys).Select(name => $"{name} is missing"));
        findings.AddRange(found.Files.Keys.Except(expected.Files.Keys).Select(name => $"{name} is there and should not be"));
        findings.AddRange(expected.Files.Where(file => found.Files.TryGetValue(file.Key, out var hash) && hash != file.Value)
            .Select(file => $"{file.Key} differs"));
        // A writer that was killed leaves what it had sent; one that lost removes it.
        var numKills = faults.Count(fault => fault.Kind is FaultKind.KillService or FaultKind.KillStore or FaultKind.KillBroker
            or FaultKind.RestartBroker);
        if (found.NumLeftovers > numKills)
            findings.Add($"expected at most the leftovers of {numKills} writers that died, found {found.NumLeftovers}");

        var evaluated = system.Services.Where(service => service.Kind == "evaluator")
            .SelectMany(service => Evaluated().Matches(service.Log)
                .Select(match => (Run: match.Groups[2].Value, Time: match.Groups[1].Value, By: service.Name)))
            .GroupBy(evaluation => evaluation.Run).ToList();
        foreach (var again in evaluated.Where(run => run.Count() > 1))
            Output.Line($"{again.Key} was evaluated {string.Join(" and ", again.Select(one => $"at {Output.SecondsAt(one.Time):0.0} s by {one.By}").Order(StringComparer.Ordinal))}.");
        var numAgain = evaluated.Sum(run => run.Count() - 1);
        // Who may evaluate is known to the broker; when it dies, work under way may be given to another while the first goes on. A store
        // that is killed may lose what it had not yet written (Azurite writes its index every few seconds), and that is then made again.
        var numCut = faults.Count(fault => fault.Kind is FaultKind.KillBroker or FaultKind.RestartBroker or FaultKind.KillStore);
        // An evaluator that is killed when the store has the metrics may not have said so any more: then another was given the command, and
        // found them there.
        var numKilled = faults.Count(fault => fault.Kind is FaultKind.KillService
            && fault.Target.StartsWith("evaluator", StringComparison.Ordinal));
        var unsaid = end.EvaluationAttempts.Where(run => evaluated.All(said => said.Key != run.Id)).ToList();
        if (unsaid.Count > numKilled || unsaid.Exists(run => run.Attempts < 2))
            findings.Add($"expected {numRuns} evaluated runs in the logs but for those that {numKilled} killed evaluators had under way, found without: {string.Join(", ", unsaid)}");
        if (evaluated.Count + unsaid.Count != numRuns)
            findings.Add($"expected {numRuns} evaluated runs, found {evaluated.Count} in the logs and {unsaid.Count} without a word");
        if (numAgain > 2 * numCut)
            findings.Add($"expected nothing evaluated twice but for work cut by {numCut} faults of broker and store, found {numAgain}");
        Output.Line($"{found.Files.Count} files compared; {found.NumLeftovers} leftovers of writers that died, {found.NumSnapshots} keys with snapshots left.");
        Output.Line($"{evaluated.Count} evaluations completed, {numAgain} of them once more; commands sent or given again {end.Stages.Sum(s => (int)s["attempts"]!) - end.NumStages} times.");
        return findings;
    }

    [GeneratedRegex("^([^ ]+) .*Run ([^ ]+): evaluated ", RegexOptions.Multiline)]
    private static partial Regex Evaluated();
}
