using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using TsVlm.Contracts;

namespace TsVlm.Scenarios.State;

/// <summary>Creates the tables of the run state from the model of <see cref="RunDatabase"/>, for SQLite and PostgreSQL alike.</summary>
internal static class RunSchema
{
    /// <summary>Raised with every change of the model, together with a step in <see cref="Upgrades"/>.</summary>
    public const int Version = 3;

    /// <summary>
    /// What makes a run state of the version before one of that version. Steps only add, so that processes of the version before go on
    /// working on it while they are replaced one by one.
    /// </summary>
    private static readonly (int To, string Sqlite, string Postgres)[] Upgrades =
    [
        (3, """ALTER TABLE "Runs" ADD COLUMN "TraceStartedUtc" TEXT NULL""",
            """ALTER TABLE "Runs" ADD COLUMN "TraceStartedUtc" timestamp with time zone NULL"""),
    ];

    private const long LockNumber = 0x54735646c6d;   // any, but the same everywhere
    private const string PostgresTables = """SELECT tablename AS "Value" FROM pg_tables WHERE schemaname = current_schema()""";
    private const string SqliteTables = """SELECT name AS "Value" FROM sqlite_master WHERE type = 'table'""";

    /// <summary>
    /// Creates every table, or none; one of an earlier version that can be upgraded is. Of two processes that start at once the second waits
    /// and finds it done.
    /// </summary>
    /// <exception cref="RunStateException">The database holds a run state of another version that cannot be upgraded.</exception>
    public static async Task Create(RunDatabase database, CancellationToken cancellationToken)
    {
        try
        {
            await CreateTables(database, cancellationToken);
        }
        catch (SqliteException error) when (RunStateException.Damage(database.Database.GetDbConnection().DataSource, error) is { } damage)
        {
            throw damage;
        }
    }

    private static async Task CreateTables(RunDatabase database, CancellationToken cancellationToken)
    {
        var isPostgres = database.Database.IsNpgsql();
        // SQLite's serializable transaction takes the only writer's place at its beginning.
        await using var transaction = await database.Database.BeginTransactionAsync(
            isPostgres ? IsolationLevel.ReadCommitted : IsolationLevel.Serializable, cancellationToken);
        if (isPostgres) await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockNumber})", cancellationToken);
        var tables = await database.Database.SqlQueryRaw<string>(isPostgres ? PostgresTables : SqliteTables).ToListAsync(cancellationToken);
        if (tables.Contains(nameof(database.SchemaVersions))) await Upgrade(database, isPostgres, cancellationToken);
        else if (tables.Contains(nameof(database.Runs))) throw Refused(database, "none");
        else
        {
            await database.Database.ExecuteSqlRawAsync(database.Database.GenerateCreateScript(), cancellationToken);
            database.SchemaVersions.Add(new() { Number = Version });
            await database.SaveChangesAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task Upgrade(RunDatabase database, bool isPostgres, CancellationToken cancellationToken)
    {
        var found = (await database.SchemaVersions.AsNoTracking().SingleAsync(cancellationToken)).Number;
        foreach (var (to, sqlite, postgres) in Upgrades.Where(step => step.To == found + 1))
        {
            await database.Database.ExecuteSqlRawAsync(isPostgres ? postgres : sqlite, cancellationToken);
            await database.SchemaVersions.ExecuteUpdateAsync(v => v.SetProperty(x => x.Number, to), cancellationToken);
            found = to;
        }
        if (found != Version) throw Refused(database, $"version {found}");
    }

    /// <summary>Compares the version of tables that are there.</summary>
    /// <exception cref="RunStateException">It is another.</exception>
    public static async Task Check(RunDatabase database, CancellationToken cancellationToken)
    {
        var found = (await database.SchemaVersions.SingleAsync(cancellationToken)).Number;
        if (found != Version) throw Refused(database, $"version {found}");
    }

    private static RunStateException Refused(RunDatabase database, string found) => new(
        $"Run state in {database.Database.GetDbConnection().DataSource}: expected version {Version}, found {found}. "
        + "Use the program that created it, or an empty database (for a local run, another output folder).");
}

/// <summary>A run state that cannot be used; the message says why.</summary>
public sealed class RunStateException(string message, Exception? cause = null) : Exception(message, cause), IUserFacingError
{
    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;

    /// <summary>The error of a damaged SQLite file, with its place; null for another error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="error">What reading or writing it gave.</param>
    public static RunStateException? Damage(string path, Exception error) =>
        (error as SqliteException ?? error.InnerException as SqliteException) switch
    {
        { SqliteErrorCode: SqliteCorrupt or SqliteNotADatabase } damaged => new(
            $"{path}: expected the run state of tsvlm run, found a damaged file ({damaged.Message}) Remove it and run the same command: "
            + "finished work is found again in artifacts/.", error),
        _ => null,
    };
}
