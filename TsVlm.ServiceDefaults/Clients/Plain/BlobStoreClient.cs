using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TsVlm.ServiceDefaults;

/// <summary>The client of the blob store.</summary>
internal static class BlobStoreClient
{
    /// <summary>Registers the client of the artifacts' container; nothing is sent yet.</summary>
    /// <exception cref="ArtifactStoreException">The connection is wrong.</exception>
    public static void AddBlobStoreClient(this IHostApplicationBuilder builder, string connection, BlobStoreOptions options) =>
        builder.Services.AddSingleton(BlobConnection.Container(connection, options));
}
