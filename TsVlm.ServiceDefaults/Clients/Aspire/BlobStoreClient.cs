using Azure.Storage.Blobs;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace TsVlm.ServiceDefaults;

/// <summary>The client of the blob store as Aspire.Azure.Storage.Blobs makes it, with its health check and traces; -p:UseAspire=true.</summary>
internal static class BlobStoreClient
{
    /// <summary>Registers the client of the artifacts' container; nothing is sent yet.</summary>
    /// <exception cref="ArtifactStoreException">The connection is wrong.</exception>
    public static void AddBlobStoreClient(this IHostApplicationBuilder builder, string connection, BlobStoreOptions options)
    {
        BlobConnection.Container(connection, options);   // what the plain client refuses is refused here in the same words
        builder.AddAzureBlobServiceClient(
            BlobConnection.Name,
            settings => (settings.ServiceUri, settings.ConnectionString) = BlobConnection.Parse(connection),
            client => client.WithVersion(BlobConnection.Version).ConfigureOptions(made => BlobConnection.SetRetries(made, options)));
        builder.Services.AddSingleton(provider => provider.GetRequiredService<BlobServiceClient>().GetBlobContainerClient(BlobConnection.ContainerName));
        builder.Services.Configure<HealthCheckServiceOptions>(health =>
        {
            foreach (var check in health.Registrations.Where(check => check.Name == "Azure_BlobServiceClient")) check.Timeout = TimeSpan.FromSeconds(10);
        });
    }
}
