using System.Text.Json;
using TsVlm.Contracts;

namespace TsVlm.ServiceDefaults;

/// <summary>Artifacts in a folder of this machine: <c>KIND/HH/HASH/manifest.json</c> beside the attempt that it names.</summary>
public sealed class FolderArtifactStore(string root) : IArtifactStore
{
    private const string ManifestName = "manifest.json";

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
        foreach (var file in manifest.Files)
        {
            var path = Path.Combine(folder, file.Name);
            var found = File.Exists(path) ? await Describe(folder, path, cancellationToken) : null;
            if (found != file)
            {
                throw new ArtifactException($"{path}: expected {file.Bytes} bytes with SHA-256 {file.Sha256}, "
                    + $"found {(found is null ? "no file" : $"{found.Bytes} bytes with {found.Sha256}")}. Delete {FolderOf(key)}; the stage will run again.");
            }
        }
        return folder;
    }

    /// <inheritdoc />
    public string CreateWorkFolder() => Directory.CreateDirectory(Path.Combine(WorkRoot, Guid.NewGuid().ToString("n"))).FullName;

    /// <inheritdoc />
    public async Task<ArtifactManifest> Publish(ArtifactKey key, string workFolder, CancellationToken cancellationToken)
    {
        var files = new List<ArtifactFile>();
        foreach (var path in Directory.EnumerateFiles(workFolder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            files.Add(await Describe(workFolder, path, cancellationToken));
        var manifest = new ArtifactManifest(key, Path.GetFileName(workFolder), files);

        Directory.CreateDirectory(FolderOf(key));
        var attempt = Path.Combine(FolderOf(key), manifest.Attempt);
        Directory.Move(workFolder, attempt);
        if (CreateManifest(manifest)) return manifest;
        Directory.Delete(attempt, recursive: true);
        return (await Find(key, cancellationToken))!;
    }

    /// <summary>Removes the work folders of processes that died; call it only while no other process uses the store.</summary>
    public void RemoveWork()
    {
        if (Directory.Exists(WorkRoot)) Directory.Delete(WorkRoot, recursive: true);
    }

    private string WorkRoot => Path.Combine(root, "work");

    private string FolderOf(ArtifactKey key) => Path.Combine(root, key.Path);

    /// <summary>False when another writer was first. A rename without overwriting is atomic, so the manifest is never seen half written.</summary>
    private bool CreateManifest(ArtifactManifest manifest)
    {
        var path = Path.Combine(FolderOf(manifest.Key), ManifestName);
        var draft = Path.Combine(FolderOf(manifest.Key), manifest.Attempt + ".manifest");
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(manifest, ContractJson.Indented));
        try
        {
            File.Move(draft, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
            return false;
        }
    }

    private static async Task<ArtifactFile> Describe(string folder, string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        var hash = await System.Security.Cryptography.SHA256.HashDataAsync(stream, cancellationToken);
        return new(Path.GetRelativePath(folder, path).Replace('\\', '/'), stream.Length, Convert.ToHexStringLower(hash));
    }
}
