using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using TsVlm.Artifacts;
using TsVlm.Artifacts.Blobs;
using TsVlm.Artifacts.Tests;
using TsVlm.Tests;

namespace TsVlm.Servers.Tests.Artifacts;

/// <summary>In a blob container of its own.</summary>
public sealed class BlobUnderTest : StoreUnderTest
{
    private readonly TemporaryFolder folder = new();
    private readonly List<BlobArtifactStore> stores = [];

    public BlobUnderTest(string connectionString, BlobStoreOptions? options = null, Action<ArtifactTransfer>? report = null)
    {
        Options = options ?? new();
        Container = BlobConnection.Container(connectionString, Options).GetParentBlobServiceClient()
            .GetBlobContainerClient($"test-{Guid.NewGuid():n}");
        (Store, Other) = (Open(report), Open(null));
    }

    public BlobStoreOptions Options { get; }

    public BlobContainerClient Container { get; }

    public override IArtifactStore Store { get; }

    public override IArtifactStore Other { get; }

    /// <summary>Where all stores of this test keep local copies.</summary>
    public string Local => folder.Path;

    public BlobArtifactStore Open(Action<ArtifactTransfer>? report, TimeProvider? clock = null)
    {
        var store = new BlobArtifactStore(Container, folder.Path, Options, report, clock);
        stores.Add(store);
        return store;
    }

    public override async Task<IReadOnlyList<string>> Paths()
    {
        var names = new List<string>();
        if (!await Container.ExistsAsync()) return names;
        await foreach (var blob in Container.GetBlobsAsync(new GetBlobsOptions())) names.Add(blob.Name);
        return names;
    }

    public override async Task Overwrite(string path, string? content)
    {
        await Container.CreateIfNotExistsAsync();
        if (content is null) await Container.DeleteBlobAsync(path);
        else await Container.GetBlobClient(path).UploadAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), overwrite: true);
    }

    public override string PlaceOf(string path) => $"{Container.Uri}/{path}";

    public override void Dispose()
    {
        foreach (var store in stores) store.Dispose();
        folder.Dispose();
    }
}
