using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using TsVlm.Tests;

namespace TsVlm.ServiceDefaults.Tests;

/// <summary>A store as a battery sees it, and as one sees it who reaches below it.</summary>
public abstract class StoreUnderTest : IDisposable
{
    /// <summary>The store.</summary>
    public abstract IArtifactStore Store { get; }

    /// <summary>The same store as another process would have it.</summary>
    public abstract IArtifactStore Other { get; }

    /// <summary>Path of every file that it holds, sorted.</summary>
    public abstract Task<IReadOnlyList<string>> Paths();

    /// <summary>Changes a file behind the store's back; null removes it.</summary>
    public abstract Task Overwrite(string path, string? content);

    /// <summary>What messages call a file.</summary>
    public abstract string PlaceOf(string path);

    /// <summary>A work folder with one file.</summary>
    public string Work(string name, string content)
    {
        var work = Store.CreateWorkFolder();
        var path = Path.Combine(work, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return work;
    }

    public abstract void Dispose();
}

/// <summary>In a folder.</summary>
public sealed class FolderUnderTest : StoreUnderTest
{
    private readonly TemporaryFolder folder = new();

    public FolderUnderTest() => (Store, Other) = (new FolderArtifactStore(Root), new FolderArtifactStore(Root));

    public override IArtifactStore Store { get; }

    public override IArtifactStore Other { get; }

    private string Root => folder.File("store");

    public override Task<IReadOnlyList<string>> Paths() => Task.FromResult<IReadOnlyList<string>>([.. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path)).Where(path => path != "publish.lock").Order(StringComparer.Ordinal)]);

    public override Task Overwrite(string path, string? content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PlaceOf(path))!);
        if (content is null) File.Delete(PlaceOf(path));
        else File.WriteAllText(PlaceOf(path), content);
        return Task.CompletedTask;
    }

    public override string PlaceOf(string path) => Path.Combine(Root, path);

    public override void Dispose() => folder.Dispose();
}

/// <summary>In a blob container of its own.</summary>
public sealed class BlobUnderTest : StoreUnderTest
{
    private readonly TemporaryFolder folder = new();
    private readonly List<BlobArtifactStore> stores = [];

    public BlobUnderTest(string connectionString, BlobStoreOptions? options = null, Action<ArtifactTransfer>? report = null)
    {
        Options = options ?? new();
        Container = BlobConnection.Container(connectionString, Options).GetParentBlobServiceClient().GetBlobContainerClient($"test-{Guid.NewGuid():n}");
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
