using Microsoft.EntityFrameworkCore;
using TsVlm.Scenarios.State;

namespace TsVlm.Services.Tests.Scenarios;

/// <summary>Which changes of the run state begin again, in SQLite.</summary>
public sealed class RunTransactionsTests : RunStateTests
{
    [Fact]
    public async Task A_change_begins_again_that_cannot_commit_while_another_connection_reads()
    {
        await Experiments.Submit("e", [Run("CBF")], Stop);
        await using var reading = await Databases.CreateDbContextAsync(Stop);
        await reading.Database.OpenConnectionAsync(Stop);
        await using var command = reading.Database.GetDbConnection().CreateCommand();
        command.CommandText = """SELECT "RunId" FROM "Stages" """;
        await using var reader = await command.ExecuteReaderAsync(Stop);
        Assert.True(await reader.ReadAsync(Stop));   // a row more is to come, so the reader keeps its lock

        var numTurns = 0;
        await Transactions.Write(async database =>
        {
            if (++numTurns == 2) await reader.CloseAsync();
            (await database.Stages.FirstAsync(Stop)).Worker = $"turn {numTurns}";
        }, Stop);

        Assert.Equal(2, numTurns);
        Assert.Equal("turn 2", (await First(Run("CBF"))).Worker);
    }

    [Fact]
    public async Task A_change_begins_again_when_another_added_the_same_row_first()
    {
        var numTurns = 0;
        await Transactions.Write(async database =>
        {
            var isKnown = await database.IdempotencyKeys.AnyAsync(Stop);
            if (++numTurns == 1) await AddKey();
            if (!isKnown) database.IdempotencyKeys.Add(Key());
        }, Stop);

        Assert.Equal(2, numTurns);

        async Task AddKey()
        {
            await using var another = await Databases.CreateDbContextAsync(Stop);
            another.IdempotencyKeys.Add(Key());
            await another.SaveChangesAsync(Stop);
        }

        static IdempotencyKeyRow Key() => new() { Key = "k", BodyHash = "", CreatedUtc = DateTime.UnixEpoch };
    }

    [Fact]
    public async Task An_error_that_is_no_conflict_ends_the_change()
    {
        var numTurns = 0;
        await Assert.ThrowsAsync<InvalidOperationException>(() => Transactions.Write(_ =>
        {
            numTurns++;
            throw new InvalidOperationException("no conflict");
        }, Stop));
        Assert.Equal(1, numTurns);
    }
}
