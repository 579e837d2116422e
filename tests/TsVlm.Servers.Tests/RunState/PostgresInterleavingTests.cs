using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using TsVlm.Scenarios.State;
using TsVlm.Services.Tests.Scenarios;
using TsVlm.Tests;

namespace TsVlm.Servers.Tests.RunState;

/// <summary>The interleavings of the ordinary tests, where writers really run at the same time.</summary>
public sealed class PostgresInterleavingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_report_is_of_the_runs_as_they_ended_whatever_comes_in_between()
    {
        await using var server = await TestServer.Start("postgres");
        var databases = new PooledDbContextFactory<RunDatabase>(
            new DbContextOptionsBuilder<RunDatabase>().UseNpgsql(server.ConnectionString).Options);
        await new RunTransactions(databases).Open(Stop);
        for (var seed = 0; seed < 8; seed++)
        {
            await using (var database = await databases.CreateDbContextAsync(Stop))
            {
                await database.Set<ExperimentRunRow>().ExecuteDeleteAsync(Stop);
                await database.Experiments.ExecuteDeleteAsync(Stop);
                await database.Stages.ExecuteDeleteAsync(Stop);
                await database.Runs.ExecuteDeleteAsync(Stop);
            }
            var world = new InterleavedWorld(databases, seed, Stop);
            for (var step = 0; step < 250; step++) await world.Step();
            await world.Settle();
            Assert.NotEqual(0, world.NumReported);
        }
    }
}
