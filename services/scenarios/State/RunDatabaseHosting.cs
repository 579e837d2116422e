using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using TsVlm.ServiceDefaults;

namespace TsVlm.Scenarios.State;

/// <summary>Chooses the database of the run state by <c>ConnectionStrings__runs</c>.</summary>
public static class RunDatabaseHosting
{
    private const string Key = "ConnectionStrings__runs";
    private const string Expected =
        "Host=HOST;Database=NAME;Username=USER;Password=PASSWORD or postgres://USER:PASSWORD@HOST/NAME of PostgreSQL, or Data Source=FILE of SQLite";

    /// <summary>What sets a context up for the database that the settings name.</summary>
    /// <exception cref="SettingException">The setting is missing or of neither form.</exception>
    public static Action<DbContextOptionsBuilder> Read(Settings settings)
    {
        var text = settings.Require(Key, Expected);
        try
        {
            if (text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal))
                return Postgres(OfUri(new Uri(text)));
            if (text.Contains("Host=", StringComparison.OrdinalIgnoreCase)) return Postgres(new NpgsqlConnectionStringBuilder(text));
            var sqlite = new SqliteConnectionStringBuilder(text) { DefaultTimeout = 30 };
            return sqlite.DataSource.Length > 0
                ? options => options.UseSqlite(sqlite.ConnectionString) : throw Settings.Wrong(Key, Expected, text);
        }
        catch (Exception error) when (error is ArgumentException or UriFormatException or FormatException)
        {
            throw Settings.Wrong(Key, Expected, text);
        }
    }

    internal static void AddDbContextCheck(this IHealthChecksBuilder checks, TimeSpan timeout) =>
        checks.AddCheck<RunDatabaseCheck>("runs", timeout: timeout);

    /// <summary>
    /// The run state of services that run elsewhere, for a command that is none of them; its tables are neither made nor changed.
    /// </summary>
    /// <exception cref="SettingException">The setting is missing or of neither form.</exception>
    /// <exception cref="RunStateException">There is no run state there, or one of another version.</exception>
    public static async Task<IDbContextFactory<RunDatabase>> Open(Settings settings, CancellationToken cancellationToken)
    {
        var options = new DbContextOptionsBuilder<RunDatabase>();
        Read(settings)(options);
        var databases = new PooledDbContextFactory<RunDatabase>(options.Options);
        try
        {
            await using var database = await databases.CreateDbContextAsync(cancellationToken);
            await RunSchema.Check(database, cancellationToken);
        }
        catch (DbException error)
        {
            throw new RunStateException(
                $"{Key}: expected the run state of running services, found none ({error.Message.Split('\n')[0].Trim()}). Set it as the services have it.");
        }
        return databases;
    }

    private static Action<DbContextOptionsBuilder> Postgres(NpgsqlConnectionStringBuilder connection)
    {
        // A server that hangs holds up connections for no longer than this, those that ask it to end a query included.
        if (!connection.ShouldSerialize("Timeout")) connection.Timeout = 5;
        if (!connection.ShouldSerialize("Cancellation Timeout")) connection.CancellationTimeout = -1;
        return options => options.UseNpgsql(connection.ConnectionString);
    }

    private static NpgsqlConnectionStringBuilder OfUri(Uri uri)
    {
        var user = uri.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.IsDefaultPort || uri.Port < 0 ? NpgsqlConnection.DefaultPort : uri.Port,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        };
    }

    private sealed class RunDatabaseCheck(IDbContextFactory<RunDatabase> databases, RunTransactions runs) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            // Every start goes through this, so it is no error; the service is not ready all the same.
            if (!runs.IsOpen) return HealthCheckResult.Degraded("The tables of the run state have not been created yet.");
            try
            {
                await using var database = await databases.CreateDbContextAsync(cancellationToken);
                await database.Database.ExecuteSqlRawAsync("SELECT 1", cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception error)
            {
                return HealthCheckResult.Unhealthy("The database of the run state does not answer.", error);
            }
        }
    }
}
