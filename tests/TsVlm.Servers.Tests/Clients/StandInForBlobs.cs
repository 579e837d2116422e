using Aspire.Azure.Storage.Blobs;
using Azure.Core.Extensions;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

// What is used of Aspire.Azure.Storage.Blobs, named as there, and doing the same in short. Written for its 13.6.5: AspireStandInTests asks for a second look at another.
namespace Aspire.Azure.Storage.Blobs
{
    public class AzureStorageBlobsSettings
    {
        public string? ConnectionString { get; set; }

        public Uri? ServiceUri { get; set; }
    }
}

namespace Microsoft.Extensions.Hosting
{
    public static class AspireBlobStorageExtensions
    {
        public static void AddAzureBlobServiceClient(
            this IHostApplicationBuilder builder, string connectionName, Action<AzureStorageBlobsSettings>? configureSettings = null,
            Action<IAzureClientBuilder<BlobServiceClient, BlobClientOptions>>? configureClientBuilder = null)
        {
            // As the package reads it: whatever is a URI is the service's, a signature or not.
            var text = builder.Configuration.GetConnectionString(connectionName);
            var settings = Uri.TryCreate(text, UriKind.Absolute, out var uri) ? new AzureStorageBlobsSettings { ServiceUri = uri } : new() { ConnectionString = text };
            configureSettings?.Invoke(settings);
            builder.Services.AddAzureClients(clients => configureClientBuilder?.Invoke(
                ((IAzureClientFactoryBuilderWithCredential)clients).RegisterClientFactory<BlobServiceClient, BlobClientOptions>(
                    (options, credential) => string.IsNullOrEmpty(settings.ConnectionString)
                        ? new BlobServiceClient(settings.ServiceUri, credential, options)
                        : new BlobServiceClient(settings.ConnectionString, options),
                    requiresCredential: false)));
            builder.Services.AddHealthChecks().Add(new(
                "Azure_BlobServiceClient", provider => new Check(provider.GetRequiredService<BlobServiceClient>()), failureStatus: null, tags: null));
        }

        private sealed class Check(BlobServiceClient client) : IHealthCheck
        {
            public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
            {
                await foreach (var page in client.GetBlobContainersAsync(cancellationToken: cancellationToken).AsPages(pageSizeHint: 1)) break;
                return HealthCheckResult.Healthy();
            }
        }
    }
}
