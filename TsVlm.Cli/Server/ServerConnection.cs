using System.Net;
using TsVlm.Client;

namespace TsVlm.Cli.Server;

/// <summary>How the options of a command name a server.</summary>
internal static class ServerConnection
{
    private const string KeyVariable = "TSVLM_API_KEY";

    /// <param name="url">The service's address.</param>
    /// <param name="key">Its key; that of TSVLM_API_KEY where none is given, and none where neither is.</param>
    /// <exception cref="ServerException">The address is none.</exception>
    public static TsVlmClient Open(string url, string? key) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new(address, key ?? Environment.GetEnvironmentVariable(KeyVariable), TimeProvider.System)
            : throw new ServerException($"--server: expected an address such as http://localhost:8080, found '{url}'.");

    /// <summary>Says where a key is given that the server asked for.</summary>
    public static async Task<T> Explained<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (ServerException error) when (error.Status is HttpStatusCode.Unauthorized)
        {
            throw new ServerException($"{error.Message} Give it by --api-key or {KeyVariable}.", error.Status, error);
        }
    }
}
