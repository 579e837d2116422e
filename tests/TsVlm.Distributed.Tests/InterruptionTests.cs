using System.Diagnostics;
using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

/// <summary>Trainings that are stopped, killed or cancelled in their middle.</summary>
public sealed class InterruptionTests(Servers servers) : IDisposable
{
    private const int MaxDeliveries = 8;   // of CommandQueues
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_training_that_was_stopped_and_then_killed_ends_with_the_same_weights()
    {
        var grid = Grids.Of("interrupted", 8, Grids.Scenario("a"));
        var expected = OneProcess.Contents(await OneProcess.Run(grid, folder));
        await using var system = await DistributedSystem.Start(servers, "datagen", "evaluator");
        var stopped = system.Launch("trainer");
        var id = await system.Submit(grid);
        Assert.Equal(stopped.Id, await system.WorkerOfTraining(id));
        await Wait.Until(() => Task.FromResult(NumSnapshots(system) > 0), () => stopped.Log);
        var watch = Stopwatch.StartNew();
        stopped.Terminate();
        Assert.Equal(0, await stopped.Ended(TimeSpan.FromSeconds(20)));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
        await Wait.Until(async () => await servers.NumReady(system.Host, "train-model") == 1, () => stopped.Log);

        var killed = system.Launch("trainer");
        Assert.Equal(killed.Id, await system.WorkerOfTraining(id, stopped.Id));
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        await killed.Kill();
        var last = system.Launch("trainer");
        var state = await system.Finish(id);
        Assert.Equal(expected, OneProcess.Contents(system.Artifacts));
        Assert.Contains("goes on from", killed.Log);
        Assert.Contains("goes on from", last.Log);
        Assert.Equal(3, (int)DistributedSystem.StagesOf(state, "training").Single()["attempts"]!);
        Assert.Equal(last.Id, DistributedSystem.WorkersOf(state, "training", "done").Single());
    }

    [Fact]
    public async Task A_command_that_kills_its_worker_every_time_is_a_failed_run_and_the_others_go_on()
    {
        // Nothing is saved before the kill, so no attempt gets further than the one before.
        await using var system = await DistributedSystem.Start(
            servers, new Dictionary<string, string> { ["Trainer__SecondsBetweenSnapshots"] = "3600" }, "datagen", "evaluator");
        var id = await system.Submit(Grids.Of("poison", 100, Grids.Scenario("a")));
        var last = 0;
        for (var delivery = 1; delivery <= MaxDeliveries; delivery++)
        {
            var trainer = system.Launch("trainer");
            last = await system.WorkerOfTraining(id, last);
            Assert.Equal(trainer.Id, last);
            await trainer.Kill();
        }
        var state = await system.Finish(id);
        var training = DistributedSystem.StagesOf(state, "training").Single();
        Assert.Equal(("failed", MaxDeliveries), ((string)training["status"]!, (int)training["attempts"]!));
        Assert.Contains($"{MaxDeliveries} deliveries", (string)training["reason"]!);
        Assert.Contains("train-model", (string)training["reason"]!);
        Assert.True((bool)state["runs"]![0]!["succeeded"]!);
        Assert.Equal("done", (string)state["report"]!);
    }

    [Fact]
    public async Task A_cancelled_experiment_stops_its_training_and_drops_its_commands()
    {
        await using var system = await DistributedSystem.Start(servers, "datagen", "evaluator");
        var trainer = system.Launch("trainer");
        var id = await system.Submit(
            Grids.Of("cancelled", 100, Grids.Scenario("a"), Grids.Scenario("b", ", \"recipe\": { \"learningRate\": 2e-3 }")));
        await system.WorkerOfTraining(id);
        await Wait.Until(async () => await servers.NumMessages(system.Host, "train-model") == 2, () => trainer.Log);
        await system.Cancel(id);
        var state = await system.Finish(id, seconds: 20);
        Assert.Equal(["cancelled", "cancelled"], DistributedSystem.StagesOf(state, "training").Select(s => (string)s["status"]!));
        await Wait.Until(async () => await servers.NumMessages(system.Host, "train-model") == 0, () => trainer.Log, seconds: 20);
        Assert.Contains("was cancelled", trainer.Log);

        // A worker that was not there when it was cancelled hears of it at its first sign.
        var later = await system.Submit(Grids.Of("later", 100, Grids.Scenario("a")), [1]);
        await system.WorkerOfTraining(later);
        await trainer.Kill();
        await system.Cancel(later);
        var fresh = system.Launch("trainer");
        // The broker counts its messages only every few seconds: the worker's own word comes first.
        await Wait.Until(() => Task.FromResult(fresh.Log.Contains("was cancelled", StringComparison.Ordinal)), () => fresh.Log);
        await Wait.Until(async () => await servers.NumMessages(system.Host, "train-model") == 0, () => fresh.Log, seconds: 30);
    }

    public void Dispose() => folder.Dispose();

    private static int NumSnapshots(DistributedSystem system)
    {
        var folder = Path.Combine(system.Artifacts, "checkpoint");
        return Directory.Exists(folder)
            ? Directory.GetDirectories(folder, "snapshots", SearchOption.AllDirectories).Sum(s => Directory.GetDirectories(s).Length) : 0;
    }
}
