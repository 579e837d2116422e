using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Scenarios.State;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Scenarios;

public sealed class RunStateDamageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_damaged_run_state_is_named_with_what_to_do()
    {
        var path = folder.File("runs.db");
        await File.WriteAllTextAsync(path, new string('x', 10_000), Stop);
        var error = await Assert.ThrowsAsync<RunStateException>(() => State(path).Open(Stop));
        Assert.Contains($"{path}: expected the run state of tsvlm run, found a damaged file", error.Message);
        Assert.Contains("Remove it", error.Message);
    }

    public void Dispose() => folder.Dispose();

    private static RunTransactions State(string path) => new(
        new PooledDbContextFactory<RunDatabase>(
            new DbContextOptionsBuilder<RunDatabase>().UseSqlite($"Data Source={path};Pooling=False").Options));
}

public sealed class WrittenReportTests : RunStateTests
{
    [Fact]
    public async Task A_report_that_the_command_itself_wrote_is_done_and_an_experiment_that_is_revived_waits_for_another()
    {
        var run = Run("CBF");
        await Experiments.Submit("e", [run], Stop);
        Assert.Equal(StageStatus.Waiting, await Report());
        await Reports.MarkWritten("e", Stop);
        Assert.Equal(StageStatus.Done, await Report());

        await Stages.MarkFailed(run.Id, Stage.Datagen, "failed", Stop);
        await Experiments.Submit("e", [run], Stop);
        Assert.Equal(StageStatus.Waiting, await Report());
    }

    private async Task<StageStatus> Report()
    {
        await using var database = await Databases.CreateDbContextAsync(Stop);
        return await database.Experiments.Select(e => e.ReportStatus).SingleAsync(Stop);
    }
}
