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
        Activity[] roots = [Root("first"), Root("second")];
        Assert.Equal(3, roots.Append(asking).Select(span => span.TraceId).Distinct().Count());
        Assert.All(roots, root => Assert.Equal("0000000000000000", root.ParentSpanId.ToHexString()));
        Assert.All(roots, root => Assert.Equal(asking.Context, Assert.Single(root.Links).Context));
        Assert.Equal(roots.Select(root => root.Context), asking.Links.Select(link => link.Context));
        Assert.Equal(roots.Select(root => root.Id), (await Experiments.Runs("e", Stop)).Select(run => run.TraceParent));
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
        Assert.Equal([0, 1], Roots("again").Select(root => (int)root.GetTagItem("tsvlm.run.generation")!));
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await services.DisposeAsync();
        folder.Dispose();
    }

    private Activity Root(string dataset) => Assert.Single(Roots(dataset));

    private IEnumerable<Activity> Roots(string dataset) =>
        ended.Where(span => span.OperationName == "run" && (string?)span.GetTagItem("tsvlm.dataset") == dataset);

    private static RunSpec Run(string dataset) => new()
    {
        Dataset = new(dataset, new string('d', 64)),
        Split = new("official", 0),
        Seed = 0,
        FineTuned = new(new Scenario { Name = "both" }, new("tiny", "tiny", "m")),
    };
}
