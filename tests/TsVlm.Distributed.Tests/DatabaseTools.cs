using System.Diagnostics;
using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

internal static class DatabaseTools
{
    /// <summary>Creates a database by PostgreSQL's own tool, which is there where the server is.</summary>
    public static Task CreateDatabase(this TestServer server, string name) => server.Run($"createdb --port {{port}} {name}");

    /// <summary>Writes a database as SQL.</summary>
    public static Task DumpDatabase(this TestServer server, string name, string path) =>
        server.Run($"pg_dump --port {{port}} --inserts --no-owner --file {path} {name}");

    /// <summary>Replaces all that is in a database by what SQL makes.</summary>
    public static async Task LoadDatabase(this TestServer server, string name, string path)
    {
        await server.Execute(name, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        await server.Run($"psql --port {{port}} --quiet --set ON_ERROR_STOP=1 --output /dev/null --file {path} {name}");
    }

    /// <summary>Runs SQL without a single quotation mark.</summary>
    public static Task Execute(this TestServer server, string name, string sql) =>
        server.Run($"psql --port {{port}} --quiet --set ON_ERROR_STOP=1 --command '{sql}' {name}");

    private static async Task Run(this TestServer server, string command)
    {
        var port = server.ConnectionString.Split("Port=")[1].Split(';')[0];
        var tool = command.Replace("{port}", $"{port} --host 127.0.0.1 --username tsvlm", StringComparison.Ordinal);
        using var process = Process.Start(new ProcessStartInfo("bash",
            ["-c", $"$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)/{tool}"])
        {
            Environment = { ["PGOPTIONS"] = "--client-min-messages=warning" },
        })!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
