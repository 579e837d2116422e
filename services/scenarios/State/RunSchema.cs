using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using TsVlm.Contracts;

namespace TsVlm.Scenarios;

/// <summary>
/// The tables of the run state, step by step; a database knows how many steps it has taken. The statements are those that SQLite and PostgreSQL
/// share but for two types. Of two processes that start at once the second waits, and finds nothing left to do.
/// </summary>
internal static class RunSchema
{
    private const long LockNumber = 0x54735646c6d;   // any, but the same everywhere

    /// <summary>A step is never changed, only followed by another. The first is what a database without steps may already have.</summary>
    private static readonly string[][] Steps =
    [
        [
            """CREATE TABLE IF NOT EXISTS "Experiments" ("Id" TEXT NOT NULL PRIMARY KEY, "CreatedUtc" {time} NOT NULL, "IsActive" {bool} NOT NULL)""",
            """CREATE TABLE IF NOT EXISTS "Runs" ("Id" TEXT NOT NULL PRIMARY KEY, "Spec" TEXT NOT NULL)""",
            """
            CREATE TABLE IF NOT EXISTS "ExperimentRunRow" ("ExperimentId" TEXT NOT NULL REFERENCES "Experiments" ("Id") ON DELETE CASCADE,
            "RunId" TEXT NOT NULL REFERENCES "Runs" ("Id") ON DELETE CASCADE, "Position" INTEGER NOT NULL, PRIMARY KEY ("ExperimentId", "RunId"))
            """,
            """
            CREATE TABLE IF NOT EXISTS "Stages" ("RunId" TEXT NOT NULL REFERENCES "Runs" ("Id") ON DELETE CASCADE, "Stage" TEXT NOT NULL,
            "Status" TEXT NOT NULL, "Attempts" INTEGER NOT NULL, "Reason" TEXT, PRIMARY KEY ("RunId", "Stage"))
            """,
            """CREATE INDEX IF NOT EXISTS "IX_ExperimentRunRow_RunId" ON "ExperimentRunRow" ("RunId")""",
        ],
        [
            """ALTER TABLE "Runs" ADD COLUMN "Generation" INTEGER NOT NULL DEFAULT 0""",
            """ALTER TABLE "Stages" ADD COLUMN "LastHeardUtc" {time}""",
            """ALTER TABLE "Stages" ADD COLUMN "Attempt" TEXT""",
            """ALTER TABLE "Stages" ADD COLUMN "Worker" TEXT""",
            """ALTER TABLE "Stages" ADD COLUMN "Version" INTEGER NOT NULL DEFAULT 0""",
            """ALTER TABLE "Experiments" ADD COLUMN "Title" TEXT NOT NULL DEFAULT ''""",
            """ALTER TABLE "Experiments" ADD COLUMN "CommandLine" TEXT NOT NULL DEFAULT ''""",
            """ALTER TABLE "Experiments" ADD COLUMN "Settings" TEXT NOT NULL DEFAULT '[]'""",
            """ALTER TABLE "Experiments" ADD COLUMN "ReportStatus" TEXT NOT NULL DEFAULT 'Waiting'""",
            """ALTER TABLE "Experiments" ADD COLUMN "ReportHash" TEXT""",
            """ALTER TABLE "Experiments" ADD COLUMN "ReportReason" TEXT""",
            """ALTER TABLE "Experiments" ADD COLUMN "ReportSentUtc" {time}""",
            """ALTER TABLE "Experiments" ADD COLUMN "Version" INTEGER NOT NULL DEFAULT 0""",
            """CREATE INDEX "IX_Stages_Status" ON "Stages" ("Status")""",
        ],
        [
            """ALTER TABLE "Runs" ADD COLUMN "TraceParent" TEXT""",
        ],
        [
            """
            CREATE TABLE "IdempotencyKeys" ("Key" TEXT NOT NULL PRIMARY KEY, "BodyHash" TEXT NOT NULL, "ExperimentId" TEXT, "CreatedUtc" {time} NOT NULL)
            """,
            """CREATE INDEX "IX_IdempotencyKeys_CreatedUtc" ON "IdempotencyKeys" ("CreatedUtc")""",
            """CREATE INDEX "IX_Experiments_CreatedUtc" ON "Experiments" ("CreatedUtc", "Id")""",
        ],
        [
            """ALTER TABLE "Stages" ADD COLUMN "Artifact" TEXT""",
            """CREATE INDEX "IX_Stages_Artifact" ON "Stages" ("Artifact", "Status")""",
        ],
        [
            """ALTER TABLE "Stages" ADD COLUMN "Saved" BIGINT NOT NULL DEFAULT 0""",
            """ALTER TABLE "Stages" ADD COLUMN "SavedWhenSent" BIGINT NOT NULL DEFAULT 0""",
        ],
    ];

    /// <summary>Takes the steps that are missing, all or none.</summary>
    /// <exception cref="RunStateException">The database is of a later version.</exception>
    public static async Task Update(RunDatabase database, CancellationToken cancellationToken)
    {
        try
        {
            await TakeSteps(database, cancellationToken);
        }
        catch (SqliteException error) when (RunStateException.Damage(database.Database.GetDbConnection().DataSource, error) is { } damage)
        {
            throw damage;
        }
    }

    private static async Task TakeSteps(RunDatabase database, CancellationToken cancellationToken)
    {
        var isPostgres = database.Database.IsNpgsql();
        // SQLite's serializable transaction takes the only writer's place at its beginning.
        await using var transaction = await database.Database.BeginTransactionAsync(
            isPostgres ? IsolationLevel.ReadCommitted : IsolationLevel.Serializable, cancellationToken);
        if (isPostgres) await Execute(database, transaction, $"SELECT pg_advisory_xact_lock({LockNumber})", cancellationToken);
        await Execute(database, transaction, """CREATE TABLE IF NOT EXISTS "SchemaSteps" ("Step" INTEGER NOT NULL PRIMARY KEY)""", cancellationToken);
        var taken = Convert.ToInt32(await Read(database, transaction, """SELECT COUNT(*) FROM "SchemaSteps" """, cancellationToken));
        if (taken > Steps.Length)
            throw new RunStateException($"ConnectionStrings__runs: expected a run state of at most version {Steps.Length}, found version {taken}. Start the newer program.");
        for (var step = taken; step < Steps.Length; step++)
        {
            foreach (var statement in Steps[step]) await Execute(database, transaction, InDialect(statement, isPostgres), cancellationToken);
            await Execute(database, transaction, $"""INSERT INTO "SchemaSteps" ("Step") VALUES ({step + 1})""", cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    private static string InDialect(string statement, bool isPostgres) => statement
        .Replace("{time}", isPostgres ? "timestamp with time zone" : "TEXT", StringComparison.Ordinal)
        .Replace("{bool}", isPostgres ? "boolean" : "INTEGER", StringComparison.Ordinal);

    private static async Task Execute(RunDatabase database, IDbContextTransaction transaction, string statement, CancellationToken cancellationToken)
    {
        await using var command = Command(database, transaction, statement);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<object?> Read(RunDatabase database, IDbContextTransaction transaction, string statement, CancellationToken cancellationToken)
    {
        await using var command = Command(database, transaction, statement);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static DbCommand Command(RunDatabase database, IDbContextTransaction transaction, string statement)
    {
        var command = database.Database.GetDbConnection().CreateCommand();
        command.Transaction = transaction.GetDbTransaction();
#pragma warning disable CA2100 // The statements are the constants above.
        command.CommandText = statement;
#pragma warning restore CA2100
        return command;
    }
}

/// <summary>A run state that cannot be used; the message says why.</summary>
public sealed class RunStateException(string message, Exception? cause = null) : Exception(message, cause), IUserFacingError
{
    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;

    /// <summary>The error of a damaged SQLite file, with its place; null for another error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="error">What reading or writing it gave.</param>
    public static RunStateException? Damage(string path, Exception error) => (error as SqliteException ?? error.InnerException as SqliteException) switch
    {
        { SqliteErrorCode: SqliteCorrupt or SqliteNotADatabase } damaged => new(
            $"{path}: expected the run state of tsvlm run, found a damaged file ({damaged.Message}) Remove it and run the same command: "
            + "finished work is found again in artifacts/.", error),
        _ => null,
    };
}
