using System.Runtime.CompilerServices;
using TsVlm.Contracts;

namespace TsVlm.Artifacts.Folders;

/// <summary>
/// Artifacts in a folder of this machine: <c>KIND/HH/HASH/manifest.json</c> beside the attempt that it names, or beside the snapshots of
/// unfinished work.
/// </summary>
public sealed class FolderArtifactStore(string root) : IArtifactStore
{
    private const string ManifestName = ArtifactManifest.FileName;
    private static readonly EnumerationOptions KeyDepth = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2 };

    /// <inheritdoc />
    public async Task<ArtifactManifest?> Find(ArtifactKey key, CancellationToken cancellationToken)
    {
        var path = Path.Combine(FolderOf(key), ManifestName);
        if (!File.Exists(path)) return null;
        return ArtifactManifest.Parse(await File.ReadAllBytesAsync(path, cancellationToken), path);
    }

    /// <inheritdoc />
    public async Task<string> Fetch(ArtifactKey key, CancellationToken cancellationToken)
    {
        var manifest = await Ensure(key, cancellationToken);
        var folder = Path.Combine(FolderOf(key), manifest.Attempt);
        var found = await StoreTraces.Download(key, $"{key.Path}/{manifest.Attempt}",
            manifest.Bytes, () => manifest.FindDamage(folder, folder, cancellationToken));
        if (found is not { } damage) return folder;
        if (manifest.Files.FirstOrDefault(file => !File.Exists(Path.Combine(folder, file.Name))) is { } gone)
            throw await NotWhole(key, manifest, gone, cancellationToken);
        throw new ArtifactException($"{damage} Delete {FolderOf(key)}; the stage will run again.");
    }

    /// <inheritdoc />
    public async Task<Stream> OpenRead(ArtifactKey key, string file, CancellationToken cancellationToken)
    {
        var manifest = await Ensure(key, cancellationToken);
        var (described, path) = (manifest.File(file), Path.Combine(FolderOf(key), manifest.Attempt, file));
        return File.Exists(path)
            ? new VerifiedStream(File.OpenRead(path), described, path) : throw await NotWhole(key, manifest, described, cancellationToken);
    }

    /// <inheritdoc />
    public string CreateWorkFolder() => Directory.CreateDirectory(Path.Combine(WorkRoot, Guid.NewGuid().ToString("n"))).FullName;

    /// <inheritdoc />
    public async Task<ArtifactManifest> Publish(ArtifactKey key, string workFolder, CancellationToken cancellationToken)
    {
        var manifest = await ArtifactManifest.Of(key, Path.GetFileName(workFolder), workFolder, cancellationToken);
        var attempt = Path.Combine(FolderOf(key), manifest.Attempt);
        var isFirst = await StoreTraces.Upload(key, $"{key.Path}/{manifest.Attempt}", manifest.Bytes, async () =>
        {
            await using (await TakeTurn(cancellationToken))
            {
                Directory.CreateDirectory(FolderOf(key));
                Directory.Move(workFolder, attempt);
            }
            return await CreateManifest(manifest, cancellationToken);
        });
        SnapshotsOf(key).RemoveAll();
        if (isFirst) return manifest;
        Directory.Delete(attempt, recursive: true);
        return (await Find(key, cancellationToken))!;
    }

    /// <inheritdoc />
    public async Task PublishSnapshot(ArtifactKey key, long position, string workFolder, CancellationToken cancellationToken)
    {
        if (await Find(key, cancellationToken) is null) await SnapshotsOf(key).Publish(position, workFolder, cancellationToken);
        else Directory.Delete(workFolder, recursive: true);
    }

    /// <inheritdoc />
    public Task<string?> FetchNewestSnapshot(ArtifactKey key, Action<string> warn, CancellationToken cancellationToken) =>
        SnapshotsOf(key).FetchNewest(warn, cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<StoredPart> List([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var folder in KeyFolders())
        {
            if (ArtifactKey.ParsePath(Path.GetRelativePath(root, folder).Replace('\\', '/')) is not { } key) continue;
            foreach (var part in await Parts(key, cancellationToken)) yield return part;
        }
    }

    /// <inheritdoc />
    public async Task<bool> Remove(StoredPart part, CancellationToken cancellationToken)
    {
        await using var turn = await TakeTurn(cancellationToken);
        if (!(await Parts(part.Key, cancellationToken)).Contains(part)) return false;
        if (part.Kind is StoredPartKind.Artifact) File.Delete(Path.Combine(FolderOf(part.Key), ManifestName));
        File.Delete(Path.Combine(FolderOf(part.Key), part.Name + ArtifactManifest.DraftExtension));
        if (part.Kind is StoredPartKind.Snapshots) SnapshotsOf(part.Key).RemoveAll();
        else MoveAway(Path.Combine(FolderOf(part.Key), part.Name));
        RemoveIfEmpty(FolderOf(part.Key));
        return true;
    }

    /// <summary>Removes the work folders of processes that died; call it only while no other process uses the store.</summary>
    public void RemoveWork()
    {
        if (Directory.Exists(WorkRoot)) Directory.Delete(WorkRoot, recursive: true);
    }

    private IEnumerable<string> KeyFolders() =>
        Directory.Exists(root) ? Directory.EnumerateDirectories(root, "*", KeyDepth).Order(StringComparer.Ordinal) : [];

    private async Task<ArtifactManifest> Ensure(ArtifactKey key, CancellationToken cancellationToken) => await Find(key, cancellationToken)
        ?? throw new MissingArtifactException(key,
            $"{FolderOf(key)}: expected a complete artifact, found no {ManifestName}. Run the stage that makes it.");

    /// <summary>Removes the manifest, unless another attempt has taken its place meanwhile.</summary>
    private async Task<MissingArtifactException> NotWhole(ArtifactKey key, ArtifactManifest manifest, ArtifactFile gone,
        CancellationToken cancellationToken)
    {
        await using var turn = await TakeTurn(cancellationToken);
        if ((await Find(key, cancellationToken))?.Attempt == manifest.Attempt) File.Delete(Path.Combine(FolderOf(key), ManifestName));
        return MissingArtifactException.NotWhole(key, gone, Path.Combine(FolderOf(key), manifest.Attempt, gone.Name));
    }

    private async Task<IReadOnlyList<StoredPart>> Parts(ArtifactKey key, CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(FolderOf(key));
        if (!folder.Exists) return [];
        var attempt = (await Find(key, cancellationToken))?.Attempt;
        return [.. StoredPart.Of(key, attempt, folder.EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => (Path.GetRelativePath(folder.FullName, file.FullName)
                .Replace('\\', '/'), file.Length, (DateTimeOffset)file.LastWriteTimeUtc)))];
    }

    private void MoveAway(string folder)
    {
        if (!Directory.Exists(folder)) return;
        var trash = CreateWorkFolder();
        Directory.Move(folder, Path.Combine(trash, "removed"));
        Directory.Delete(trash, recursive: true);
    }

    private static void RemoveIfEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Something else is in it.
        }
    }

    private string WorkRoot => Path.Combine(root, "work");

    private string FolderOf(ArtifactKey key) => Path.Combine(root, key.Path);

    private SnapshotFolders SnapshotsOf(ArtifactKey key) => new(Path.Combine(FolderOf(key), "snapshots"), key, CreateWorkFolder);

    /// <summary>
    /// False when another writer was first. The file comes by a rename, so it is never seen half written. Looking whether there is one and
    /// renaming are two steps, on Unix inside File.Move too, so writers take turns; the system ends the turn of a process that dies.
    /// </summary>
    private async Task<bool> CreateManifest(ArtifactManifest manifest, CancellationToken cancellationToken)
    {
        var path = Path.Combine(FolderOf(manifest.Key), ManifestName);
        var draft = Path.Combine(FolderOf(manifest.Key), manifest.Attempt + ArtifactManifest.DraftExtension);
        await File.WriteAllBytesAsync(draft, manifest.ToJson(), cancellationToken);
        await using var turn = await TakeTurn(cancellationToken);
        var isFirst = !File.Exists(path);
        if (isFirst) File.Move(draft, path, overwrite: false);
        else File.Delete(draft);
        return isFirst;
    }

    private Task<FileStream> TakeTurn(CancellationToken cancellationToken) =>
        FileLock.Exclusive(Path.Combine(root, "publish.lock"), cancellationToken);
}
