using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TsVlm.Contracts;
using TsVlm.Scenarios;
using TsVlm.Tests;

namespace TsVlm.Services.Tests;

public sealed class RunStoreTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private ServiceProvider services = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunStore Store => new(services.GetRequiredService<IDbContextFactory<RunDatabase>>(), TimeProvider.System);

    public async ValueTask InitializeAsync()
    {
        services = new ServiceCollection()
            .AddDbContextFactory<RunDatabase>(options => options.UseSqlite($"Data Source={folder.File("runs.db")};Pooling=False"))
            .BuildServiceProvider();
        await Store.Open(Stop);
    }

    [Fact]
    public async Task A_submitted_run_waits_at_its_first_stage()
    {
        await Store.Submit("e", [Run("A"), Baseline("A")], Stop);
        var runs = await Store.Runs("e", Stop);
        Assert.Equal([Stage.Datagen, Stage.Training, Stage.Evaluation], runs[0].Stages.Select(s => s.Stage));
        Assert.Equal([Stage.Evaluation], runs[1].Stages.Select(s => s.Stage));
        Assert.All(runs.SelectMany(r => r.Stages), s => Assert.Equal((StageStatus.Waiting, 0), (s.Status, s.Attempts)));
    }

    [Fact]
    public async Task The_run_comes_back_as_it_was_submitted()
    {
        await Store.Submit("e", [Run("A")], Stop);
        Assert.Equal(Run("A"), (await Store.Runs("e", Stop))[0].Run);
    }

    [Fact]
    public async Task Submitting_again_keeps_what_is_done_and_tries_again_what_failed()
    {
        var (done, failed) = (Run("A"), Run("B"));
        await Store.Submit("e", [done, failed], Stop);
        await Store.MarkDone(done.Id, Stage.Datagen, Stop);
        await Store.MarkFailed(failed.Id, Stage.Datagen, "no reason", Stop);
        Assert.Equal("no reason", (await Store.Runs("e", Stop))[1].Failed!.Reason);

        await Store.Submit("e", [done, failed], Stop);
        var runs = await Store.Runs("e", Stop);
        Assert.Equal(2, runs.Count);
        Assert.Equal(StageStatus.Done, runs[0].Stages[0].Status);
        Assert.Equal(StageStatus.Waiting, runs[1].Stages[0].Status);
    }

    [Fact]
    public async Task A_late_failure_does_not_undo_what_is_done()
    {
        var run = Run("A");
        await Store.Submit("e", [run], Stop);
        await Store.MarkDone(run.Id, Stage.Datagen, Stop);
        await Store.MarkFailed(run.Id, Stage.Datagen, "late", Stop);
        Assert.Equal(StageStatus.Done, (await Store.Runs("e", Stop))[0].Stages[0].Status);
    }

    [Fact]
    public async Task Only_active_experiments_have_open_runs()
    {
        await Store.Submit("old", [Run("A")], Stop);
        await Store.Suspend(Stop);
        await Store.Submit("new", [Run("B")], Stop);
        Assert.Equal(["B"], (await Store.OpenRuns(Stop)).Select(r => r.Run.Dataset.Name));
    }

    [Fact]
    public async Task Open_runs_come_in_the_order_in_which_they_were_asked_for()
    {
        string[] order = ["C", "A", "D", "B"];
        await Store.Submit("e", [.. order.Select(Run)], Stop);
        Assert.Equal(order, (await Store.OpenRuns(Stop)).Select(r => r.Run.Dataset.Name));
    }

    [Fact]
    public async Task A_failed_run_is_not_open()
    {
        var run = Run("A");
        await Store.Submit("e", [run, Run("B")], Stop);
        await Store.MarkFailed(run.Id, Stage.Datagen, "x", Stop);
        Assert.Equal(["B"], (await Store.OpenRuns(Stop)).Select(r => r.Run.Dataset.Name));
    }

    [Fact]
    public async Task Commands_lost_with_a_process_are_taken_back_in_experiments_that_wait_too()
    {
        var run = Run("A");
        await Store.Submit("e", [run], Stop);
        await Store.MarkSent(run.Id, Stage.Datagen, Stop);
        await Store.Suspend(Stop);
        await Store.TakeBackSent(Stop);
        Assert.Equal(StageStatus.Waiting, (await Store.Runs("e", Stop))[0].Stages[0].Status);
    }

    [Fact]
    public async Task Every_sending_counts_as_an_attempt()
    {
        var run = Run("A");
        await Store.Submit("e", [run], Stop);
        await Store.MarkSent(run.Id, Stage.Datagen, Stop);
        await Store.MarkWaiting(run.Id, Stage.Datagen, Stop);
        await Store.MarkSent(run.Id, Stage.Datagen, Stop);
        Assert.Equal(2, (await Store.Runs("e", Stop))[0].Stages[0].Attempts);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        folder.Dispose();
    }

    private static RunSpec Run(string dataset) => new()
    {
        Dataset = new(dataset, new string('d', 64)),
        Split = new("official", 0),
        Seed = 0,
        FineTuned = new(new Scenario { Name = "both" }, new("tiny", "tiny", "m")),
    };

    private static RunSpec Baseline(string dataset) => new()
    {
        Dataset = new(dataset, new string('d', 64)),
        Split = new("official", 0),
        Seed = 0,
        Baseline = BaselineNames.Dtw,
    };
}
