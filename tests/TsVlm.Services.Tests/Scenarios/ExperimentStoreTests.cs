using Microsoft.EntityFrameworkCore;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Scenarios.State;

namespace TsVlm.Services.Tests.Scenarios;

/// <summary>What is known of experiments and runs, and how it changes.</summary>
public sealed class ExperimentStoreTests : RunStateTests
{
    private LostArtifacts Losses => new(Stages, Reports);

    [Fact]
    public async Task A_submitted_run_waits_at_its_first_stage()
    {
        await Experiments.Submit("e", [Run("A"), Baseline("A")], Stop);
        var runs = await Experiments.Runs("e", Stop);
        Assert.Equal([Stage.Datagen, Stage.Training, Stage.Evaluation], runs[0].Stages.Select(s => s.Stage));
        Assert.Equal([Stage.Evaluation], runs[1].Stages.Select(s => s.Stage));
        Assert.All(runs.SelectMany(r => r.Stages), s => Assert.Equal((StageStatus.Waiting, 0), (s.Status, s.Attempts)));
    }

    [Fact]
    public async Task The_run_comes_back_as_it_was_submitted()
    {
        await Experiments.Submit("e", [Run("A")], Stop);
        Assert.Equal(Run("A"), (await Experiments.Runs("e", Stop))[0].Run);
    }

    [Fact]
    public async Task The_stage_of_a_lost_artifact_waits_again_in_every_run_that_shares_it()
    {
        var (run, other) = (Run("A"), Run("B"));
        await Experiments.Submit("e", [run, other], Stop);
        foreach (var stage in (Stage[])[Stage.Datagen, Stage.Training]) await Stages.MarkDone(run.Id, stage, Stop);
        var evaluation = (await Experiments.Runs("e", Stop))[0].Stages[2];
        Assert.True(await TryMarkSent(run, evaluation));
        await Losses.Record(new(ArtifactKeys.Checkpoint(run), "gone") { RunId = run.Id, Stage = Stage.Evaluation }, Stop);
        Assert.Equal([StageStatus.Done, StageStatus.Waiting, StageStatus.Waiting],
            (await Experiments.Runs("e", Stop))[0].Stages.Select(s => s.Status));
        Assert.Equal(Stage.Training, (await Ready.Next(10, Stop)).Single(at => at.Run.Run.Id == run.Id).Stage.Stage);
        await Losses.Record(new(ArtifactKeys.Dataset(run.Dataset), "no data set") { RunId = run.Id, Stage = Stage.Training }, Stop);
        Assert.Equal("no data set", (await Experiments.Runs("e", Stop))[0].Failed!.Reason);
    }

    [Fact]
    public async Task A_stage_whose_input_is_lost_again_and_again_may_wait_no_longer()
    {
        var run = Run("A");
        await Experiments.Submit("e", [run], Stop);
        var numAttempts = 0;
        while ((await Experiments.Runs("e", Stop))[0] is { Failed: null } at)
        {
            await Stages.MarkDone(run.Id, Stage.Datagen, Stop);
            Assert.True(await TryMarkSent(run, at.Stages[1]));
            numAttempts++;
            await Losses.Record(new(ArtifactKeys.Samples(run), "gone again") { RunId = run.Id, Stage = Stage.Training }, Stop);
        }
        Assert.Equal("gone again", (await Experiments.Runs("e", Stop))[0].Failed!.Reason);
        Assert.Equal(20, numAttempts);
    }

    [Fact]
    public async Task Submitting_again_keeps_what_is_done_and_tries_again_what_failed()
    {
        var (done, failed) = (Run("A"), Run("B"));
        await Experiments.Submit("e", [done, failed], Stop);
        await Stages.MarkDone(done.Id, Stage.Datagen, Stop);
        await Stages.MarkFailed(failed.Id, Stage.Datagen, "no reason", Stop);
        Assert.Equal("no reason", (await Experiments.Runs("e", Stop))[1].Failed!.Reason);

        await Experiments.Submit("e", [done, failed], Stop);
        var runs = await Experiments.Runs("e", Stop);
        Assert.Equal(2, runs.Count);
        Assert.Equal(StageStatus.Done, runs[0].Stages[0].Status);
        Assert.Equal(StageStatus.Waiting, runs[1].Stages[0].Status);
    }

    [Fact]
    public async Task A_late_failure_does_not_undo_what_is_done()
    {
        var run = Run("A");
        await Experiments.Submit("e", [run], Stop);
        await Stages.MarkDone(run.Id, Stage.Datagen, Stop);
        await Stages.MarkFailed(run.Id, Stage.Datagen, "late", Stop);
        Assert.Equal(StageStatus.Done, (await Experiments.Runs("e", Stop))[0].Stages[0].Status);
    }

    [Fact]
    public async Task Commands_lost_with_a_process_are_taken_back_in_experiments_that_wait_too()
    {
        var run = Run("A");
        await Experiments.Submit("e", [run], Stop);
        Assert.True(await TryMarkSent(run, await First(run)));
        await Experiments.Suspend(Stop);
        await Stages.RequeueSent(Stop);
        Assert.Equal(StageStatus.Waiting, (await Experiments.Runs("e", Stop))[0].Stages[0].Status);
    }

    [Fact]
    public async Task A_cancelled_run_ends_and_its_workers_are_told_so_until_it_is_asked_for_again()
    {
        var run = Run("A");
        await Experiments.Submit("e", [run], Stop);
        await TryMarkSent(run, await First(run));
        Assert.Equal([new CancelledRun(run.Id, 0, WasSent: true)], await Cancel("e"));
        Assert.True((await Experiments.Runs("e", Stop))[0].Ended);
        Assert.False(await Stages.RecordHeartbeat(new(run.Id, Stage.Datagen, "a", "w:1"), Stop));
        await Stages.MarkFailed(run.Id, Stage.Datagen, "late", Stop);
        Assert.Null((await Experiments.Runs("e", Stop))[0].Failed);

        await Experiments.Submit("e", [run], Stop);
        Assert.Equal((1, false), ((await Experiments.Runs("e", Stop))[0].Generation, (await Experiments.Runs("e", Stop))[0].Ended));
        await Stages.MarkFailed(run.Id, Stage.Datagen, "of the generation before", Stop, generation: 0);
        Assert.Null((await Experiments.Runs("e", Stop))[0].Failed);
    }

    [Fact]
    public async Task A_command_that_the_broker_gave_up_is_sent_again_only_where_its_attempts_got_further()
    {
        var run = Run("A");
        await Experiments.Submit("e", [run], Stop);
        await TryMarkSent(run, await First(run));
        Assert.False(await Stages.RequeueIfProgressed(run.Id, Stage.Datagen, Stop));
        await Stages.RecordHeartbeat(new(run.Id, Stage.Datagen, "a", "w:1") { Saved = 7 }, Stop);
        Assert.True(await Stages.RequeueIfProgressed(run.Id, Stage.Datagen, Stop));
        Assert.Equal(StageStatus.Waiting, (await First(run)).Status);

        await TryMarkSent(run, await First(run));
        await Stages.RecordHeartbeat(new(run.Id, Stage.Datagen, "b", "w:2") { Saved = 7 }, Stop);
        Assert.False(await Stages.RequeueIfProgressed(run.Id, Stage.Datagen, Stop));
    }

    [Fact]
    public async Task A_run_that_another_experiment_wants_is_not_cancelled()
    {
        await Experiments.Submit("e", [Run("A"), Run("B")], Stop);
        await Experiments.Submit("f", [Run("B")], Stop);
        Assert.Equal([Run("A").Id], (await Cancel("e")).Select(cancelled => cancelled.RunId));
        Assert.Equal([Run("B").Id], (await Cancel("f")).Select(cancelled => cancelled.RunId));   // e wants it no more
    }

    [Fact]
    public async Task Processes_that_start_at_once_create_one_run_state()
    {
        await using (var database = await Databases.CreateDbContextAsync(Stop)) await database.Database.EnsureDeletedAsync(Stop);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Transactions.Open(Stop))));
        await Experiments.Submit("e", [Run("A")], Stop);
        Assert.Single(await Ready.Next(100, Stop));
    }

    [Theory]
    [InlineData("""UPDATE "SchemaVersions" SET "Number" = 1""", "expected version 3, found version 1")]
    [InlineData("""UPDATE "SchemaVersions" SET "Number" = 4""", "expected version 3, found version 4")]
    [InlineData("""DROP TABLE "SchemaVersions" """, "expected version 3, found none")]
    public async Task A_run_state_of_another_version_is_refused_and_left_as_it_is(string change, string expected)
    {
        await Experiments.Submit("e", [Run("A")], Stop);
        await using var database = await Databases.CreateDbContextAsync(Stop);
        await database.Database.ExecuteSqlRawAsync(change, Stop);
        var error = await Assert.ThrowsAsync<RunStateException>(() => Transactions.Open(Stop));
        Assert.Contains(expected, error.Message);
        Assert.Contains("runs.db", error.Message);
        Assert.Single(await Experiments.Runs("e", Stop));
    }

    [Fact]
    public async Task A_run_state_of_the_version_before_is_upgraded_with_what_is_in_it()
    {
        await Experiments.Submit("e", [Run("A")], Stop);
        await using (var database = await Databases.CreateDbContextAsync(Stop))
        {
            await database.Database.ExecuteSqlRawAsync(
                """ALTER TABLE "Runs" DROP COLUMN "TraceStartedUtc"; UPDATE "SchemaVersions" SET "Number" = 2""", Stop);
        }
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Transactions.Open(Stop))));   // of several processes one does it
        await Transactions.Open(Stop);
        Assert.Equal(Run("A").Id, Assert.Single(await Ready.Next(100, Stop)).Run.Run.Id);
    }

    private async Task<IReadOnlyList<CancelledRun>> Cancel(string experiment)
    {
        Assert.True(await Experiments.RequestCancel(experiment, Stop));
        return (await Experiments.CancelUnwanted(100, experiment, Stop)).Cancelled;
    }
}
