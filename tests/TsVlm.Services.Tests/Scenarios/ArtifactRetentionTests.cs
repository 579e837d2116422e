using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using TsVlm.Artifacts.Folders;
using TsVlm.Contracts;
using TsVlm.Scenarios.State;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Scenarios;

public sealed class ArtifactRetentionTests : IAsyncLifetime
{
    private static readonly RetentionSettings NoAge = new() { MinAge = TimeSpan.Zero };
    private readonly TemporaryFolder folder = new();
    private PooledDbContextFactory<RunDatabase> databases = null!;
    private DaysAgo past = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FolderArtifactStore Artifacts => new(folder.File("artifacts"));

    private RunTransactions Transactions => new(databases);

    private ExperimentStore Experiments => new(databases, Transactions, past);

    private StageStore Stages => new(databases, Transactions, past);

    public async ValueTask InitializeAsync()
    {
        databases = new(new DbContextOptionsBuilder<RunDatabase>().UseSqlite(
            $"Data Source={folder.File("runs.db")};Pooling=False").Options);
        past = new DaysAgo();
        await Transactions.Open(Stop);
    }

    [Fact]
    public async Task Artifacts_that_an_experiment_refers_to_stay_and_the_rest_goes()
    {
        await Submit("kept", Run("A"), Baseline("A"));
        var stranger = new ArtifactKey(ArtifactKind.Checkpoint, new string('9', 64));
        foreach (var key in KeysOf(Run("A")).Append(ArtifactKeys.Evaluation(Baseline("A"))).Append(stranger)) await Make(key);
        var result = await Collect(NoAge);
        Assert.Equal([stranger], result.Removed.Select(p => p.Key));
        Assert.Null(await Artifacts.Find(stranger, Stop));
        foreach (var key in KeysOf(Run("A")).Append(ArtifactKeys.Evaluation(Baseline("A"))))
            Assert.NotNull(await Artifacts.Find(key, Stop));
        Assert.Empty((await Collect(NoAge)).Removed);
    }

    [Fact]
    public async Task A_file_of_rationales_stays_for_as_long_as_a_run_learns_from_it()
    {
        var (tuned, source) = (Run("A").FineTuned!, new string('7', 64));
        var run = Run("A") with { FineTuned =
            tuned with { Scenario = tuned.Scenario with { Representation = new() { Rationale = new() { Source = source } } } } };
        var (own, other) = (new ArtifactKey(ArtifactKind.Rationales, source),
            new ArtifactKey(ArtifactKind.Rationales, new string('8', 64)));
        await Submit("one", run);
        await Make(own);
        await Make(other);
        Assert.Equal([other], (await Collect(NoAge)).Removed.Select(p => p.Key));
        Assert.Equal([own], (await Collect(NoAge with { Forget = "one", NothingIsUnderWay = true })).Removed.Select(p => p.Key));
    }

    [Fact]
    public async Task Artifacts_that_a_forgotten_experiment_shares_with_another_stay()
    {
        await Submit("one", Run("A"), Run("A", seed: 1));
        await Submit("two", Run("A", seed: 1));
        foreach (var key in KeysOf(Run("A")).Concat(KeysOf(Run("A", seed: 1))).Distinct()) await Make(key);
        var result = await Collect(NoAge with { Forget = "one", NothingIsUnderWay = true });
        Assert.Equal([ArtifactKeys.Checkpoint(Run("A")), ArtifactKeys.Evaluation(Run("A"))], result.Removed.Select(p => p.Key));
        Assert.Empty(await Experiments.Runs("one", Stop));
        Assert.Equal(Run("A", seed: 1), Assert.Single(await Experiments.Runs("two", Stop)).Run);
        await using var database = await databases.CreateDbContextAsync(Stop);
        Assert.Equal((1, 3), (await database.Runs.CountAsync(Stop), await database.Stages.CountAsync(Stop)));
    }

    [Fact]
    public async Task A_dry_run_tells_the_same_and_changes_nothing()
    {
        await Submit("one", Run("A"));
        foreach (var key in KeysOf(Run("A"))) await Make(key);
        var settings = NoAge with { Forget = "one", NothingIsUnderWay = true };
        var told = await Collect(settings with { DryRun = true });
        Assert.Single(await Experiments.Runs("one", Stop));
        foreach (var key in KeysOf(Run("A"))) Assert.NotNull(await Artifacts.Find(key, Stop));
        var done = await Collect(settings);
        Assert.Equal(4, done.Removed.Count);
        Assert.Equal(told.Removed, done.Removed);
        Assert.Equal(told.Experiments, done.Experiments);
        Assert.Empty(await Artifacts.List(Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task Experiments_are_kept_for_as_long_as_asked()
    {
        past.Days = 40;
        await Submit("old", Run("A"));
        past.Days = 5;
        await Submit("new", Run("B"));
        var result = await Collect(NoAge with { KeepFor = TimeSpan.FromDays(30), NothingIsUnderWay = true });
        Assert.Equal([("old", true), ("new", false)], result.Experiments.Select(e => (e.Id, e.IsForgotten)));
        Assert.Empty(await Experiments.Runs("old", Stop));
        Assert.Single(await Experiments.Runs("new", Stop));
    }

    [Fact]
    public async Task An_experiment_under_way_is_never_forgotten()
    {
        past.Days = 40;
        await Submit("busy", Run("A"));
        var error = await Assert.ThrowsAsync<RetentionException>(() => Collect(NoAge with { Forget = "busy" }));
        Assert.Contains("busy is under way", error.Message);
        Assert.False(Assert.Single((await Collect(NoAge with { KeepFor = TimeSpan.Zero })).Experiments).IsForgotten);
        foreach (var stage in RunStatus.StagesOf(Run("A"))) await Stages.MarkDone(Run("A").Id, stage, Stop);
        Assert.True(Assert.Single((await Collect(NoAge with { KeepFor = TimeSpan.Zero })).Experiments).IsForgotten);
    }

    [Fact]
    public async Task An_unknown_experiment_is_an_error_that_names_those_there_are()
    {
        await Submit("one", Run("A"));
        Assert.Equal("Experiment 'two': expected one of one.",
            (await Assert.ThrowsAsync<RetentionException>(() => Collect(NoAge with { Forget = "two" }))).Message);
    }

    [Fact]
    public async Task A_recent_artifact_may_be_in_use_and_stays()
    {
        await Make(new ArtifactKey(ArtifactKind.Dataset, new string('9', 64)));
        Leave(ArtifactKeys.Samples(Run("A")), "attempt");
        Assert.Empty((await Collect(NoAge with { MinAge = TimeSpan.FromHours(1) })).Removed);
        Assert.Equal(2, (await Collect(NoAge)).Removed.Count);
    }

    [Fact]
    public async Task Snapshots_stay_with_their_experiment_until_the_artifact_is_there_and_leftovers_go()
    {
        await Submit("one", Run("A"));
        var (mine, stranger) = (ArtifactKeys.Checkpoint(Run("A")), new ArtifactKey(ArtifactKind.Checkpoint, new string('9', 64)));
        foreach (var key in (ArtifactKey[])[mine, stranger]) await Artifacts.PublishSnapshot(key, 1, Work(), Stop);
        Leave(mine, "dead");
        Assert.Equal([(mine, "dead"), (stranger, "snapshots")], (await Collect(NoAge)).Removed.Select(p => (p.Key, p.Name))
            .OrderByDescending(p => p.Key == mine));
        Assert.NotNull(await Artifacts.FetchNewestSnapshot(mine, Assert.Fail, Stop));

        await Make(mine);
        Leave(mine, "snapshots/000000000002");   // of a publisher that died before it removed them
        Assert.Equal((mine, "snapshots"), (await Collect(NoAge)).Removed.Select(p => (p.Key, p.Name)).Single());
        Assert.NotNull(await Artifacts.Find(mine, Stop));
    }

    [Fact]
    public async Task A_run_that_cannot_be_read_stops_everything_before_anything_is_removed()
    {
        await Submit("one", Run("A"));
        var stranger = new ArtifactKey(ArtifactKind.Checkpoint, new string('9', 64));
        await Make(stranger);
        await using (var database = await databases.CreateDbContextAsync(Stop))
            await database.Runs.ExecuteUpdateAsync(r => r.SetProperty(x => x.Spec, "{\"later\":1}"), Stop);
        Assert.Contains("Nothing was removed", (await Assert.ThrowsAsync<RetentionException>(() => Collect(NoAge))).Message);
        Assert.NotNull(await Artifacts.Find(stranger, Stop));
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<RetentionResult> Collect(RetentionSettings settings) =>
        new ArtifactRetention(databases, Artifacts, TimeProvider.System).Run(settings, Stop);

    private Task Submit(string experiment, params RunSpec[] runs) => Experiments.Submit(experiment, runs, Stop);

    private async Task Make(ArtifactKey key) => await Artifacts.Publish(key, Work(), Stop);

    private string Work()
    {
        var work = Artifacts.CreateWorkFolder();
        File.WriteAllText(Path.Combine(work, "file"), "x");
        return work;
    }

    private void Leave(ArtifactKey key, string name) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder.File("artifacts"), key.Path, name)).FullName, "file"),
            "x");

    private static IEnumerable<ArtifactKey> KeysOf(RunSpec run) =>
        [ArtifactKeys.Dataset(run.Dataset), ArtifactKeys.Samples(run), ArtifactKeys.Checkpoint(run), ArtifactKeys.Evaluation(run)];

    private static RunSpec Baseline(string dataset) => Run(dataset) with { FineTuned = null, Baseline = "1nn-ed" };

    private static RunSpec Run(string dataset, int seed = 0) => new()
    {
        Dataset = new(dataset, $"{dataset}{dataset}hash"),
        Split = new("official", 0),
        Seed = seed,
        FineTuned = new(new Scenario { Name = "both", Representation = new(), Recipe = new() },
            new ModelReference("tiny", "tiny", "model-hash")),
    };

    /// <summary>Now, but some days ago.</summary>
    private sealed class DaysAgo : TimeProvider
    {
        public int Days { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddDays(-Days);
    }
}
