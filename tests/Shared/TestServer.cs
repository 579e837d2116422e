using System.Net;
using System.Net.Sockets;

namespace TsVlm.Tests;

/// <summary>
/// A real server (<c>rabbitmq</c>, <c>postgres</c>, <c>azurite</c>) as a plain process of this machine, in a folder and on ports of its
/// own, started by the scripts of eng/servers.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    private const int NumPorts = 4;   // a broker needs its management's and Erlang's own beside its first
    private readonly TemporaryFolder folder = new();
    private readonly string name;
    private readonly int port;

    private TestServer(string name, int port) => (this.name, this.port) = (name, port);

    /// <summary>How a service is told to reach it.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>
    /// Starts a server; the test is skipped, with the reason, where it cannot be had, and fails where TSVLM_REQUIRE_SERVERS is set.
    /// </summary>
    public static async Task<TestServer> Start(string name)
    {
        var server = new TestServer(name, FreePorts());
        try
        {
            await server.Start();
            return server;
        }
        catch (InvalidOperationException error)
        {
            await server.DisposeAsync();
            Assert.SkipUnless(Environment.GetEnvironmentVariable("TSVLM_REQUIRE_SERVERS") is "1",
                $"{name} cannot be started here. {error.Message}");
            throw;
        }
    }

    /// <summary>Starts it again where it was stopped or killed; its data is still there.</summary>
    public async Task Start() => ConnectionString = (await Script("start", folder.Path, $"{port}")).Trim().Split('\n')[^1];

    /// <summary>Stops it as an operator would.</summary>
    public Task Stop() => Script("stop", folder.Path);

    /// <summary>Ends it at once, as a crash would.</summary>
    public Task Kill() => Script("kill", folder.Path);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // its orderly end takes seconds, and nothing in it is wanted any more; a database would leave shared memory behind
        if (name is "rabbitmq") await Kill();
        await Stop();
        folder.Dispose();
    }

    private async Task<string> Script(params string[] arguments)
    {
        var script = Path.Combine(TestFolders.Repository, "eng", "servers", $"{name}.sh");
        var (exitCode, output, error) = await EndedProcess.Run(new("bash", [script, .. arguments]));
        return exitCode == 0 ? output : throw new InvalidOperationException(error.Trim());
    }

    /// <summary>The first of some ports in a row that nobody uses.</summary>
    public static int FreePorts(int number = NumPorts)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            // Below the range that systems hand out to connections by themselves.
            var first = Random.Shared.Next(20_000, 32_000);
            if (Enumerable.Range(first, number).All(IsFree)) return first;
        }
        throw new InvalidOperationException($"No {number} free ports in a row were found between 20000 and 32000.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
