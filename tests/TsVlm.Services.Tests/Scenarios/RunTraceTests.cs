using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TsVlm.Contracts;
using TsVlm.Scenarios.State;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Scenarios;

/// <summary>What the run state keeps of a run's trace.</summary>
public sealed class RunTraceTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly ConcurrentQueue<Activity> ended = new();
    private readonly ActivityListener listener;
    private ServiceProvider services = null!;

    public RunTraceTests()
    {
        listener = new()
        {
            ShouldListenTo = source => source.Name is "TsVlm" or "asking",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IDbContextFactory<RunDatabase> Databases => services.GetRequiredService<IDbContextFactory<RunDatabase>>();

    private RunTransactions Transactions => new(Databases);

    private ExperimentStore Experiments => new(Databases, Transactions, TimeProvider.System);

    private StageStore Stages => new(Databases, Transactions, TimeProvider.System);

    public async ValueTask InitializeAsync()
    {
        services = new ServiceCollection()
            .AddDbContextFactory<RunDatabase>(options => options.UseSqlite($"Data Source={folder.File("runs.db")};Pooling=False"))
            .BuildServiceProvider();
        await Transactions.Open(Stop);
    }

    [Fact]
    public async Task Each_run_begins_a_trace_of_its_own_that_is_linked_with_who_asked()
    {
        using var source = new ActivitySource("asking");
        using var asking = source.StartActivity("POST")!;
        await Experiments.Submit("e", [Run("first"), Run("second")], Stop);
        Assert.Same(asking, Activity.Current);
        Activity[] submissions = [Single("submission", "first"), Single("submission", "second")];
        Assert.Equal(3, submissions.Append(asking).Select(span => span.TraceId).Distinct().Count());
        Assert.All(submissions, span => Assert.Equal(asking.Context, Assert.Single(span.Links).Context));
        Assert.Equal(submissions.Select(span => span.ParentId), (await Experiments.Runs("e", Stop)).Select(run => run.TraceParent));
        Assert.Equal(submissions.Select(span => (span.TraceId, span.ParentSpanId)),
            asking.Links.Select(link => (link.Context.TraceId, link.Context.SpanId)));
        Assert.Empty(Named("run", "first"));
    }

    [Fact]
    public async Task The_root_lasts_from_the_request_until_the_run_has_ended_and_is_written_once()
    {
        await Experiments.Submit("e", [Run("whole")], Stop);
        var submission = Single("submission", "whole");
        var id = Run("whole").Id;
        await Stages.MarkDone(id, Stage.Datagen, Stop);
        await Stages.MarkDone(id, Stage.Training, Stop);
        Assert.Empty(Named("run", "whole"));
        var before = DateTime.UtcNow;
        await Stages.MarkDone(id, Stage.Evaluation, Stop);
        await Stages.MarkDone(id, Stage.Evaluation, Stop);

        var root = Single("run", "whole");
        Assert.Equal((submission.TraceId, submission.ParentSpanId), (root.TraceId, root.SpanId));
        Assert.Equal("0000000000000000", root.ParentSpanId.ToHexString());
        Assert.Null(root.ParentId);
        Assert.InRange(root.StartTimeUtc, submission.StartTimeUtc.AddSeconds(-1), submission.StartTimeUtc.AddSeconds(1));
        Assert.True(root.StartTimeUtc + root.Duration >= before);
        Assert.Equal(("done", ActivityStatusCode.Ok), ((string?)root.GetTagItem("tsvlm.outcome"), root.Status));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task The_root_of_a_failed_run_says_why_and_a_late_success_writes_no_second_one()
    {
        var run = Run("failed");
        await Experiments.Submit("e", [run], Stop);
        await Stages.MarkFailed(run.Id, Stage.Training, "broken", Stop);
        await Stages.MarkDone(run.Id, Stage.Training, Stop);
        await Stages.MarkDone(run.Id, Stage.Datagen, Stop);
        await Stages.MarkDone(run.Id, Stage.Evaluation, Stop);
        var root = Single("run", "failed");
        Assert.Equal(("failed", ActivityStatusCode.Error, "broken"),
            ((string?)root.GetTagItem("tsvlm.outcome"), root.Status, root.StatusDescription));
    }

    [Fact]
    public async Task Cancelled_runs_have_roots_too()
    {
        await Experiments.Submit("e", [Run("cancelled"), Run("cancelled too")], Stop);
        Assert.True(await Experiments.RequestCancel("e", Stop));
        await Experiments.CancelUnwanted(10, "e", Stop);
        Assert.All(["cancelled", "cancelled too"],
            dataset => Assert.Equal("cancelled", Single("run", dataset).GetTagItem("tsvlm.outcome")));
    }

    [Fact]
    public async Task Asking_again_keeps_the_trace_until_the_run_has_failed()
    {
        var run = Run("again");
        await Experiments.Submit("e", [run], Stop);
        var first = (await Experiments.Runs("e", Stop))[0].TraceParent;
        await Experiments.Submit("f", [run], Stop);
        Assert.Equal(first, (await Experiments.Runs("f", Stop))[0].TraceParent);
        await Stages.MarkFailed(run.Id, Stage.Datagen, "broken", Stop);
        await Experiments.Submit("e", [run], Stop);
        var second = (await Experiments.Runs("e", Stop))[0].TraceParent;
        Assert.NotEqual(first!.Split('-')[1], second!.Split('-')[1]);
        Assert.Equal([0, 1], Named("submission", "again").Select(span => (int)span.GetTagItem("tsvlm.run.generation")!));
        Assert.Equal(0, Single("run", "again").GetTagItem("tsvlm.run.generation"));
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await services.DisposeAsync();
        folder.Dispose();
    }

    private Activity Single(string name, string dataset) => Assert.Single(Named(name, dataset));

    private IEnumerable<Activity> Named(string name, string dataset) =>
        ended.Where(span => span.OperationName == name && (string?)span.GetTagItem("tsvlm.dataset") == dataset);

    private static RunSpec Run(string dataset) => new()
    {
        Dataset = new(dataset, new string('d', 64)),
        Split = new("official", 0),
        Seed = 0,
        FineTuned = new(new Scenario { Name = "both" }, new("tiny", "tiny", "m")),
    };
}
