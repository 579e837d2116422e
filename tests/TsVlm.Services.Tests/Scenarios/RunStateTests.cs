using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Scenarios.State;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Scenarios;

/// <summary>A run state of its own in SQLite, with what its tests ask of it.</summary>
public abstract class RunStateTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private ServiceProvider services = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected IDbContextFactory<RunDatabase> Databases => services.GetRequiredService<IDbContextFactory<RunDatabase>>();

    protected RunTransactions Transactions => new(Databases);

    protected ExperimentStore Experiments => new(Databases, Transactions, TimeProvider.System);

    protected StageStore Stages => new(Databases, Transactions, TimeProvider.System);

    protected ReportStore Reports => new(Databases, Transactions, TimeProvider.System);

    protected ReadyStages Ready => new(Databases);

    public async ValueTask InitializeAsync()
    {
        services = new ServiceCollection()
            .AddDbContextFactory<RunDatabase>(options => options.UseSqlite($"Data Source={folder.File("runs.db")};Pooling=False"))
            .BuildServiceProvider();
        await Transactions.Open(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task<bool> TryMarkSent(RunSpec run, StageState seen) => (await Stages.MarkSent([Seen(run, seen)], Stop)).Count == 1;

    protected static ReadyStage Seen(RunSpec run, StageState seen) =>
        new(new(run, 0, [seen]), seen, RunStatus.ArtifactOf(run, seen.Stage), IsMade: false);

    protected async Task<StageState> First(RunSpec run) => (await Experiments.Runs("e", Stop)).Single(r => r.Run.Id == run.Id).Stages[0];

    protected static RunSpec Run(string dataset) => new()
    {
        Dataset = new(dataset, new string('d', 64)),
        Split = new("official", 0),
        Seed = 0,
        FineTuned = new(new Scenario { Name = "both" }, new("tiny", "tiny", "m")),
    };

    protected static RunSpec Baseline(string dataset) => new()
    {
        Dataset = new(dataset, new string('d', 64)),
        Split = new("official", 0),
        Seed = 0,
        Baseline = BaselineNames.Dtw,
    };
}
