using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace TsVlm.Distributed.Tests;

/// <summary>What a blob store holds, as a person with a storage browser would take it, past the product's own store.</summary>
internal static class BlobContents
{
    /// <summary>Every blob of the artifacts' container as a file below a folder.</summary>
    public static async Task<string> Download(string connectionString, string folder)
    {
        var service = new BlobServiceClient(connectionString, new BlobClientOptions(BlobClientOptions.ServiceVersion.V2026_06_06));
        var container = service.GetBlobContainerClient("artifacts");
        await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions()))
        {
            var path = Path.Combine(folder, blob.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await container.GetBlobClient(blob.Name).DownloadToAsync(path);
        }
        return folder;
    }
}
