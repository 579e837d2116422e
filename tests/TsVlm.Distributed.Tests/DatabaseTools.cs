using System.Diagnostics;
using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

internal static class DatabaseTools
{
    /// <summary>Creates a database by PostgreSQL's own tool, which is there where the server is.</summary>
    public static async Task CreateDatabase(this TestServer server, string name)
    {
        var port = server.ConnectionString.Split("Port=")[1].Split(';')[0];
        using var process = Process.Start(new ProcessStartInfo("bash",
            ["-c", $"$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)/createdb -h 127.0.0.1 -p {port} -U tsvlm {name}"]))!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
