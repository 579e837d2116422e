using System.Runtime.CompilerServices;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using TsVlm.Contracts;

namespace TsVlm.Artifacts.Blobs;

/// <summary>
/// Artifacts in a blob container: <c>KIND/HH/HASH/manifest.json</c> beside the attempt that it names, or beside the snapshots of unfinished
/// work.
/// What is fetched is kept in a cache below a folder that the processes of one machine may share.
/// </summary>
public sealed class BlobArtifactStore : IArtifactStore, IDisposable
{
    private readonly BlobFiles blobs;
    private readonly WorkFolders work;
    private readonly ArtifactCache cache;
    private readonly Action<ArtifactTransfer>? report;
    private readonly TransferLog? log;
    private bool isOpen;

    /// <summary>Uses a container, which is made by the first writer where there is none.</summary>
    /// <param name="container">From <see cref="BlobConnection.Container"/>, which states the retries.</param>
    /// <param name="workDirectory">Local folder for work under way and for the cache; several processes may share it.</param>
    /// <param name="options">Sizes and bounds; the defaults where none are given.</param>
    /// <param name="report">Told how far each upload and download is.</param>
    /// <param name="clock">Tells which of the cache was used last; the system's where none is given.</param>
    /// <param name="log">Tells of large and slow uploads and downloads.</param>
    public BlobArtifactStore(
        BlobContainerClient container, string workDirectory, BlobStoreOptions? options = null, Action<ArtifactTransfer>? report = null,
        TimeProvider? clock = null,
        TransferLog? log = null)
    {
        options ??= new();
        blobs = new(container, options);
        work = new(Path.Combine(workDirectory, "work"));
        cache = new(Path.Combine(workDirectory, "cache"), options.MaxCacheBytes, work.Create, clock ?? TimeProvider.System);
        this.report = report;
        this.log = log;
    }

    /// <summary>Makes the container where there is none.</summary>
    /// <exception cref="ArtifactStoreException">The store does not answer, or refuses access.</exception>
    public async Task Open(CancellationToken cancellationToken)
    {
        await blobs.CreateContainer(cancellationToken);
        isOpen = true;
    }

    /// <inheritdoc />
    public async Task<ArtifactManifest?> Find(ArtifactKey key, CancellationToken cancellationToken) =>
        await blobs.Read(ManifestOf(key.Path), cancellationToken) is { } json
        ? ArtifactManifest.Parse(json, blobs.PlaceOf(ManifestOf(key.Path))) : null;

    /// <inheritdoc />
    public async Task<string> Fetch(ArtifactKey key, CancellationToken cancellationToken)
    {
        var manifest = await Ensure(key, cancellationToken);
        try
        {
            return await FetchFiles($"{key.Path}/{manifest.Attempt}", manifest, cancellationToken);
        }
        catch (ArtifactException damage)
        {
            if (await FindGone(manifest, cancellationToken) is { } gone) throw await NotWhole(key, manifest, gone, cancellationToken);
            throw new ArtifactException($"{damage.Message} Remove {blobs.PlaceOf(ManifestOf(key.Path))}; the stage will run again.");
        }
    }

    /// <inheritdoc />
    public async Task<Stream> OpenRead(ArtifactKey key, string file, CancellationToken cancellationToken)
    {
        var manifest = await Ensure(key, cancellationToken);
        var (described, name) = (manifest.File(file), $"{key.Path}/{manifest.Attempt}/{file}");
        var content = await blobs.Open(name, cancellationToken) ?? throw await NotWhole(key, manifest, described, cancellationToken);
        return new VerifiedStream(content, described, blobs.PlaceOf(name));
    }

    /// <inheritdoc />
    public string CreateWorkFolder() => work.Create();

    /// <inheritdoc />
    public async Task<ArtifactManifest> Publish(ArtifactKey key, string workFolder, CancellationToken cancellationToken)
    {
        var manifest = await Upload(key, key.Path, workFolder, cancellationToken);
        var (kept, _) = await CreateManifest(key.Path, manifest, cancellationToken);
        await SnapshotsOf(key).RemoveAll(cancellationToken);
        return kept;
    }

    /// <inheritdoc />
    public async Task PublishSnapshot(ArtifactKey key, long position, string workFolder, CancellationToken cancellationToken)
    {
        if (await Find(key, cancellationToken) is not null)
        {
            Directory.Delete(workFolder, recursive: true);
            return;
        }
        var snapshots = SnapshotsOf(key);
        var prefix = snapshots.PrefixOf(position);
        await CreateManifest(prefix, await Upload(key, prefix, workFolder, cancellationToken), cancellationToken);
        if (await Find(key, cancellationToken) is null) await snapshots.RemoveOld(cancellationToken);
        else await snapshots.RemoveAll(cancellationToken);   // the artifact was published meanwhile, by another process
    }

    /// <inheritdoc />
    public Task<string?> FetchNewestSnapshot(ArtifactKey key, Action<string> warn, CancellationToken cancellationToken) =>
        SnapshotsOf(key).FetchNewest(FetchFiles, warn, cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<StoredPart> List([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (current, files) = ((ArtifactKey?)null, new List<BlobItem>());
        await foreach (var blob in blobs.List("", cancellationToken))
        {
            if (ArtifactKey.ParsePath(string.Join('/', blob.Name.Split('/').Take(3))) is not { } key) continue;
            if (key != current)
            {
                foreach (var part in await Parts(current, files, cancellationToken)) yield return part;
                current = key;
                files = [];
            }
            files.Add(blob);
        }
        foreach (var part in await Parts(current, files, cancellationToken)) yield return part;
    }

    /// <inheritdoc />
    public async Task<bool> Remove(StoredPart part, CancellationToken cancellationToken)
    {
        var files = new List<BlobItem>();
        await foreach (var blob in blobs.List($"{part.Key.Path}/", cancellationToken)) files.Add(blob);
        var now = await Parts(part.Key, files, cancellationToken);
        if (!now.Contains(part)) return false;
        if (part.Kind is StoredPartKind.Artifact) await blobs.Remove(ManifestOf(part.Key.Path), cancellationToken);
        if (part.Kind is StoredPartKind.Snapshots) await SnapshotsOf(part.Key).RemoveAll(cancellationToken);
        else await blobs.RemoveAll($"{part.Key.Path}/{part.Name}/", cancellationToken);
        return true;
    }

    /// <summary>Gives up the work folders, and what is kept in the cache for this process.</summary>
    public void Dispose()
    {
        cache.Dispose();
        work.Dispose();
    }

    private static string ManifestOf(string prefix) => $"{prefix}/{ArtifactManifest.FileName}";

    private BlobSnapshots SnapshotsOf(ArtifactKey key) => new(blobs, $"{key.Path}/{StoredPart.Snapshots}");

    private async Task<ArtifactManifest> Ensure(ArtifactKey key, CancellationToken cancellationToken) => await Find(key, cancellationToken)
        ?? throw new MissingArtifactException(key,
            $"{blobs.PlaceOf(key.Path)}: expected a complete artifact, found no {ArtifactManifest.FileName}. Run the stage that makes it.");

    /// <summary>
    /// A file of the artifact that is not in the store; null where all are. A store that crashed between a file and its manifest may have
    /// the manifest alone.
    /// </summary>
    private async Task<ArtifactFile?> FindGone(ArtifactManifest manifest, CancellationToken cancellationToken)
    {
        var (prefix, there) = ($"{manifest.Key.Path}/{manifest.Attempt}/", new HashSet<string>());
        await foreach (var blob in blobs.List(prefix, cancellationToken)) there.Add(blob.Name[prefix.Length..]);
        return manifest.Files.FirstOrDefault(file => !there.Contains(file.Name));
    }

    /// <summary>Removes the manifest, unless another attempt has taken its place meanwhile.</summary>
    private async Task<MissingArtifactException> NotWhole(ArtifactKey key, ArtifactManifest manifest, ArtifactFile gone,
        CancellationToken cancellationToken)
    {
        var name = ManifestOf(key.Path);
        await blobs.RemoveWhere(name, json => ArtifactManifest.Parse(json, blobs.PlaceOf(name)).Attempt == manifest.Attempt,
            cancellationToken);
        return MissingArtifactException.NotWhole(key, gone, blobs.PlaceOf($"{key.Path}/{manifest.Attempt}/{gone.Name}"));
    }

    private Task<string> FetchFiles(string prefix, ArtifactManifest manifest, CancellationToken cancellationToken) =>
        cache.Get(prefix, manifest, blobs.PlaceOf(prefix),
        folder => StoreTraces.Download(manifest.Key, prefix, manifest.Bytes, () => Measured(new(prefix, IsUpload: false, 0, manifest.Bytes),
            meter => blobs.Download(prefix, manifest.Files, folder, meter, cancellationToken))), cancellationToken);

    private async Task<ArtifactManifest> Upload(ArtifactKey key, string prefix, string workFolder, CancellationToken cancellationToken)
    {
        try
        {
            if (!isOpen) await Open(cancellationToken);
            var manifest = await ArtifactManifest.Of(key, Path.GetFileName(workFolder), workFolder, cancellationToken);
            var name = $"{prefix}/{manifest.Attempt}";
            await StoreTraces.Upload(key, name, manifest.Bytes, () => Measured(new(name, IsUpload: true, 0, manifest.Bytes),
                meter => blobs.Upload(workFolder, name, manifest.Files, meter, cancellationToken)));
            return manifest;
        }
        finally
        {
            Directory.Delete(workFolder, recursive: true);
        }
    }

    private async Task<bool> Measured(ArtifactTransfer start, Func<TransferMeter, Task<bool>> transfer)
    {
        using var entry = log?.Begin(start);
        var done = await transfer(new(start, report is null && entry is null ? null : now =>
        {
            report?.Invoke(now);
            entry?.Report(now);
        }));
        entry?.Done();
        return done;
    }

    /// <summary>
    /// The manifest that counts from now on. A retried request may find what its first try had written: then this writer was first all the
    /// same.
    /// </summary>
    private async Task<(ArtifactManifest Kept, bool IsFirst)> CreateManifest(string prefix, ArtifactManifest manifest,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await blobs.Create(ManifestOf(prefix), manifest.ToJson(), cancellationToken)) return (manifest, true);
            if (await blobs.Read(ManifestOf(prefix), cancellationToken) is not { } json) continue;   // removed meanwhile
            var kept = ArtifactManifest.Parse(json, blobs.PlaceOf(ManifestOf(prefix)));
            if (kept.Attempt == manifest.Attempt) return (kept, true);
            await blobs.RemoveAll($"{prefix}/{manifest.Attempt}/", cancellationToken);
            return (kept, false);
        }
    }

    private async Task<IReadOnlyList<StoredPart>> Parts(ArtifactKey? key, List<BlobItem> files, CancellationToken cancellationToken)
    {
        if (key is null || files.Count == 0) return [];
        var hasManifest = files.Any(blob => blob.Name == ManifestOf(key.Path));
        var attempt = hasManifest ? (await Find(key, cancellationToken))?.Attempt : null;
        return [.. StoredPart.Of(key, attempt, files.Select(blob =>
            (blob.Name[(key.Path.Length + 1)..], blob.Properties.ContentLength ?? 0, blob.Properties.LastModified
            ?? DateTimeOffset.MaxValue)))];
    }
}
