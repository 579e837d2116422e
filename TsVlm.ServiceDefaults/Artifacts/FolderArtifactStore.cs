using System.Text.Json;
using TsVlm.Contracts;

namespace TsVlm.ServiceDefaults;

/// <summary>Artifacts in a folder of this machine: <c>KIND/HH/HASH/manifest.json</c> beside the attempt that it names, or beside the snapshots of unfinished work.</summary>
public sealed class FolderArtifactStore(string root) : IArtifactStore
{
    private const string ManifestName = "manifest.json";
    private const int MostTurnsWaited = 3000;
    private static readonly TimeSpan TurnWait = TimeSpan.FromMilliseconds(10);

    /// <inheritdoc />
    public async Task<ArtifactManifest?> Find(ArtifactKey key, CancellationToken cancellationToken)
    {
        var path = Path.Combine(FolderOf(key), ManifestName);
        if (!File.Exists(path)) return null;
        try
        {
            await using var stream = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<ArtifactManifest>(stream, ContractJson.Indented, cancellationToken);
        }
        catch (JsonException error)
        {
            throw new ArtifactException($"{path}: expected an artifact manifest, found damaged JSON ({error.Message}). Delete the folder; the stage will run again.");
        }
    }

    /// <inheritdoc />
    public async Task<string> Fetch(ArtifactKey key, CancellationToken cancellationToken)
    {
        var manifest = await Find(key, cancellationToken)
            ?? throw new ArtifactException($"{FolderOf(key)}: expected a complete artifact, found no {ManifestName}. Run the stage that makes it.");
        var folder = Path.Combine(FolderOf(key), manifest.Attempt);
        return await manifest.FindDamage(folder, cancellationToken) is { } damage
            ? throw new ArtifactException($"{damage} Delete {FolderOf(key)}; the stage will run again.")
            : folder;
    }

    /// <inheritdoc />
    public string CreateWorkFolder() => Directory.CreateDirectory(Path.Combine(WorkRoot, Guid.NewGuid().ToString("n"))).FullName;

    /// <inheritdoc />
    public async Task<ArtifactManifest> Publish(ArtifactKey key, string workFolder, CancellationToken cancellationToken)
    {
        var manifest = await ArtifactManifest.Of(key, Path.GetFileName(workFolder), workFolder, cancellationToken);
        Directory.CreateDirectory(FolderOf(key));
        var attempt = Path.Combine(FolderOf(key), manifest.Attempt);
        Directory.Move(workFolder, attempt);
        var isFirst = await CreateManifest(manifest, cancellationToken);
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

    /// <summary>Removes the work folders of processes that died; call it only while no other process uses the store.</summary>
    public void RemoveWork()
    {
        if (Directory.Exists(WorkRoot)) Directory.Delete(WorkRoot, recursive: true);
    }

    private string WorkRoot => Path.Combine(root, "work");

    private string FolderOf(ArtifactKey key) => Path.Combine(root, key.Path);

    private SnapshotFolders SnapshotsOf(ArtifactKey key) => new(Path.Combine(FolderOf(key), "snapshots"), key, CreateWorkFolder);

    /// <summary>
    /// False when another writer was first. The file comes by a rename, so it is never seen half written. Looking whether there is one and renaming are
    /// two steps, on Unix inside File.Move too, so writers take turns; the system ends the turn of a process that dies.
    /// </summary>
    private async Task<bool> CreateManifest(ArtifactManifest manifest, CancellationToken cancellationToken)
    {
        var path = Path.Combine(FolderOf(manifest.Key), ManifestName);
        var draft = Path.Combine(FolderOf(manifest.Key), manifest.Attempt + ".manifest");
        await File.WriteAllBytesAsync(draft, JsonSerializer.SerializeToUtf8Bytes(manifest, ContractJson.Indented), cancellationToken);
        await using var turn = await TakeTurn(cancellationToken);
        var isFirst = !File.Exists(path);
        if (isFirst) File.Move(draft, path, overwrite: false);
        else File.Delete(draft);
        return isFirst;
    }

    private async Task<FileStream> TakeTurn(CancellationToken cancellationToken)
    {
        var path = Path.Combine(root, "publish.lock");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < MostTurnsWaited && File.Exists(path))
            {
                await Task.Delay(TurnWait, cancellationToken);
            }
        }
    }
}
