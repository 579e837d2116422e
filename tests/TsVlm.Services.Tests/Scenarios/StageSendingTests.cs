using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Scenarios.State;

namespace TsVlm.Services.Tests.Scenarios;

/// <summary>Which stages are ready, who may send them, and what is noted of those under way.</summary>
public sealed class StageSendingTests : RunStateTests
{
    [Fact]
    public async Task Only_active_experiments_have_open_runs()
    {
        await Experiments.Submit("old", [Run("A")], Stop);
        await Experiments.Suspend(Stop);
        await Experiments.Submit("new", [Run("B")], Stop);
        Assert.Equal(["B"], (await Ready.Next(100, Stop)).Select(at => at.Run.Run.Dataset.Name));
    }

    [Fact]
    public async Task Open_runs_come_in_the_order_in_which_they_were_asked_for()
    {
        string[] order = ["C", "A", "D", "B"];
        await Experiments.Submit("e", [.. order.Select(Run)], Stop);
        Assert.Equal(order, (await Ready.Next(100, Stop)).Select(at => at.Run.Run.Dataset.Name));
    }

    [Fact]
    public async Task A_failed_run_is_not_open()
    {
        var run = Run("A");
        await Experiments.Submit("e", [run, Run("B")], Stop);
        await Stages.MarkFailed(run.Id, Stage.Datagen, "x", Stop);
        Assert.Equal(["B"], (await Ready.Next(100, Stop)).Select(at => at.Run.Run.Dataset.Name));
    }

    [Fact]
    public async Task A_stage_is_ready_once_the_stages_before_it_are_done()
    {
        var (first, second) = (Run("A"), Run("B"));
        await Experiments.Submit("e", [first, second, Baseline("A")], Stop);
        await Stages.MarkDone(first.Id, Stage.Datagen, Stop);
        Assert.Equal([(first.Id, Stage.Training), (second.Id, Stage.Datagen), (Baseline("A").Id, Stage.Evaluation)],
            (await Ready.Next(100, Stop)).Select(at => (at.Run.Run.Id, at.Stage.Stage)));
        Assert.Equal([first.Id], (await Ready.Next(1, Stop)).Select(at => at.Run.Run.Id));
    }

    [Fact]
    public async Task Runs_that_share_an_artifact_wait_for_the_one_that_makes_it()
    {
        var (first, twin) = (Run("A"), Run("A") with { Seed = 1 });   // the seed does not matter to samples
        await Experiments.Submit("e", [first, twin], Stop);
        Assert.Equal(2, (await Ready.Next(100, Stop)).Count);
        await TryMarkSent(first, await First(first));
        Assert.Empty(await Ready.Next(100, Stop));
        Assert.Equal(1, await Ready.NumUnderWay(Stop));
        await Stages.MarkDone(first.Id, Stage.Datagen, Stop);
        Assert.Equal([(first.Id, false), (twin.Id, true)], (await Ready.Next(100, Stop)).Select(at => (at.Run.Run.Id, at.IsMade)));
    }

    [Fact]
    public async Task A_stage_is_silent_until_its_next_sign()
    {
        var run = Run("A");
        await Experiments.Submit("e", [run], Stop);
        await TryMarkSent(run, await First(run));
        var later = DateTime.UtcNow.AddSeconds(1);
        Assert.Equal([run.Id], (await Ready.Silent(later, 100, Stop)).Select(at => at.Run.Run.Id));
        Assert.Empty(await Ready.Silent(DateTime.UtcNow.AddSeconds(-10), 100, Stop));
    }

    [Fact]
    public async Task Every_sending_counts_as_an_attempt()
    {
        var run = Run("A");
        await Experiments.Submit("e", [run], Stop);
        Assert.True(await TryMarkSent(run, await First(run)));
        Assert.True(await Stages.Requeue(run.Id, Stage.Datagen, generation: 0, maxAttempts: 10, Stop));
        Assert.True(await TryMarkSent(run, await First(run)));
        Assert.Equal(2, (await Experiments.Runs("e", Stop))[0].Stages[0].Attempts);
    }

    [Fact]
    public async Task A_stage_that_two_processes_send_is_sent_by_one()
    {
        var run = Run("A");
        await Experiments.Submit("e", [run], Stop);
        var seen = await First(run);
        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => TryMarkSent(run, seen))));
        Assert.Equal(1, won.Count(first => first));
        Assert.Equal(1, (await First(run)).Attempts);
    }

    [Fact]
    public async Task Only_stages_that_are_still_as_they_were_seen_are_sent()
    {
        RunSpec[] runs = [Run("A"), Run("B"), Run("C")];
        await Experiments.Submit("e", runs, Stop);
        var seen = new List<ReadyStage>();
        foreach (var run in runs) seen.Add(Seen(run, await First(run)));
        Assert.True(await TryMarkSent(runs[1], seen[1].Stage));
        Assert.Equal(["A", "C"], (await Stages.MarkSent(seen, Stop)).Select(at => at.Run.Run.Dataset.Name));
        Assert.All(await Experiments.Runs("e", Stop), run => Assert.Equal((StageStatus.Sent, 1), (run.Stages[0].Status, run.Stages[0].Attempts)));
    }

    [Fact]
    public async Task The_worker_that_ended_a_stage_is_kept_even_without_an_earlier_heartbeat()
    {
        var run = Run("A");
        await Experiments.Submit("e", [run], Stop);
        await TryMarkSent(run, await First(run));
        await Stages.MarkDone(run.Id, Stage.Datagen, Stop, "w:1");
        await Stages.MarkDone(run.Id, Stage.Datagen, Stop, "w:2");   // told once more
        var done = await First(run);
        Assert.Equal((StageStatus.Done, "w:1"), (done.Status, done.Worker));
        Assert.NotNull(done.LastHeartbeatUtc);
    }

    [Fact]
    public async Task A_repeated_attempt_counts_once_however_often_its_signs_arrive()
    {
        var run = Run("A");
        await Experiments.Submit("e", [run], Stop);
        await TryMarkSent(run, await First(run));
        foreach (var attempt in (string[])["first", "second", "second"])
            Assert.True(await Stages.RecordHeartbeat(new(run.Id, Stage.Datagen, attempt, "w:1") { IsRepeated = attempt == "second" }, Stop));
        Assert.Equal((2, "w:1"), ((await First(run)).Attempts, (await First(run)).Worker));
    }
}
