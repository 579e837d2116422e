using TsVlm.Servers.Tests;
using TsVlm.Tests;

[assembly: AssemblyFixture(typeof(SharedAzurite))]

namespace TsVlm.Servers.Tests;

/// <summary>
/// One Azurite for all tests that do not stop it; started by the first, which is skipped like all others where it cannot be had.
/// </summary>
public sealed class SharedAzurite : IAsyncDisposable
{
    private readonly Lazy<Task<TestServer>> server = new(() => TestServer.Start("azurite"));

    public async Task<string> ConnectionString() => (await server.Value).ConnectionString;

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated && server.Value.IsCompletedSuccessfully) await (await server.Value).DisposeAsync();
    }
}
