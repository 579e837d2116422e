using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace TsVlm.Scenarios.State;

/// <summary>
/// Opens the run state and changes it. Every change is one transaction, so a process that dies leaves no half of one; of two processes
/// that change the same row the second looks again.
/// </summary>
public sealed class RunTransactions(IDbContextFactory<RunDatabase> databases)
{
    private const int MaxTurns = 50;
    private const int SqliteBusy = 5;          // SQLITE_BUSY: another connection writes, or reads while this one commits
    private const int SqliteLocked = 6;        // SQLITE_LOCKED
    private const int SqliteConstraint = 19;   // SQLITE_CONSTRAINT: the same run was added first

    /// <summary>Whether the tables are known to be there: a service is not ready before.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Creates the tables where there are none.</summary>
    /// <exception cref="RunStateException">The database holds a run state of another version.</exception>
    public async Task Open(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await RunSchema.Create(database, cancellationToken);
        IsOpen = true;
    }

    /// <summary>Changes rows as they were read, and reads them again if another process changed one of them first.</summary>
    public Task Write(Func<RunDatabase, Task> change, CancellationToken cancellationToken) => Repeat(async database =>
    {
        await change(database);
        if (database.ChangeTracker.HasChanges()) await database.SaveChangesAsync(cancellationToken);
    }, cancellationToken);

    /// <summary>
    /// Changes whether runs are wanted or have ended, or relies on it, after <see cref="Lock"/> of those runs: a run that one experiment
    /// gives up while another asks for it is either kept or asked for anew, and a report is sent of runs that stay as they ended.
    /// </summary>
    public Task WriteLocked(Func<RunDatabase, Task> change, CancellationToken cancellationToken) => Repeat(async database =>
    {
        var isPostgres = database.Database.IsNpgsql();
        // SQLite's serializable transaction takes the only writer's place at its beginning.
        await using var transaction = await database.Database.BeginTransactionAsync(
            isPostgres ? IsolationLevel.ReadCommitted : IsolationLevel.Serializable, cancellationToken);
        await change(database);
        if (database.ChangeTracker.HasChanges()) await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }, cancellationToken);

    /// <summary>
    /// Lets no other transaction change whether these runs are wanted before this one ends; what is read of them from here on is the latest.
    /// All lock in one order, so none waits for another that waits for it. A new run is locked by the transaction that adds it.
    /// </summary>
    public static async Task Lock(RunDatabase database, IReadOnlyCollection<string> runIds, CancellationToken cancellationToken)
    {
        if (runIds.Count == 0 || !database.Database.IsNpgsql()) return;   // SQLite's only writer is this one
        await database.Database.ExecuteSqlAsync($"""SELECT 1 FROM "Runs" WHERE "Id" = ANY({runIds.ToArray()}) ORDER BY "Id" FOR UPDATE""",
            cancellationToken);
    }

    /// <summary>The same, but others may share the lock.</summary>
    public static async Task LockShared(RunDatabase database, IReadOnlyCollection<string> runIds, CancellationToken cancellationToken)
    {
        if (runIds.Count == 0 || !database.Database.IsNpgsql()) return;
        await database.Database.ExecuteSqlAsync($"""SELECT 1 FROM "Runs" WHERE "Id" = ANY({runIds.ToArray()}) ORDER BY "Id" FOR SHARE""",
            cancellationToken);
    }

    /// <summary>The same for experiments, whose reports are to be changed together.</summary>
    public static async Task LockExperiments(RunDatabase database, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        if (!database.Database.IsNpgsql()) return;
        await database.Database.ExecuteSqlAsync(
            $"""SELECT 1 FROM "Experiments" WHERE "Id" = ANY({ids.ToArray()}) ORDER BY "Id" FOR UPDATE""", cancellationToken);
    }

    private async Task Repeat(Func<RunDatabase, Task> change, CancellationToken cancellationToken)
    {
        for (var turn = 1; ; turn++)
        {
            await using var database = await databases.CreateDbContextAsync(cancellationToken);
            try
            {
                await change(database);
                return;
            }
            catch (Exception error) when (turn < MaxTurns && IsConflict(error))
            {
                // What the other process left is looked at again.
                await Task.Delay(Random.Shared.Next(1, 20), cancellationToken);
            }
        }
    }

    /// <summary>
    /// Whether another process changed or added the same row first, two waited for each other (SQLSTATE 40001, 40P01), or SQLite could not
    /// commit while another connection was reading. What a database refuses for its values, which EF Core reports by the same type, it
    /// would refuse again.
    /// </summary>
    private static bool IsConflict(Exception error) => error is DbUpdateConcurrencyException
        || (error as DbException ?? error.InnerException as DbException) switch
        {
            SqliteException sqlite => sqlite.SqliteErrorCode is SqliteBusy or SqliteLocked or SqliteConstraint,
            { SqlState: "40001" or "40P01" or "23505" or "23503" } => true,
            _ => false,
        };
}
