using TsVlm.Artifacts.Folders;

namespace TsVlm.Artifacts.Blobs;

/// <summary>
/// Snapshots of the unfinished work on one artifact: <c>POSITION/manifest.json</c>, create-only, beside the attempt that it names.
/// </summary>
/// <param name="blobs">The container.</param>
/// <param name="root">Prefix of this artifact's snapshots.</param>
internal sealed class BlobSnapshots(BlobFiles blobs, string root)
{
    /// <summary>Prefix of the snapshot at a position.</summary>
    public string PrefixOf(long position) => $"{root}/{SnapshotFolders.NameOf(position)}";

    /// <summary>The newest snapshot whose files are whole, fetched; those that are not are removed. Null where there is none.</summary>
    public async Task<string?> FetchNewest(
        Func<string, ArtifactManifest, CancellationToken, Task<string>> fetch, Action<string> warn, CancellationToken cancellationToken)
    {
        foreach (var manifestName in await ManifestsNewestFirst(cancellationToken))
        {
            var prefix = FolderOf(manifestName);
            try
            {
                if (await blobs.Read(manifestName, cancellationToken) is not { } json) continue;   // removed meanwhile
                var manifest = ArtifactManifest.Parse(json, blobs.PlaceOf(manifestName));
                return await fetch($"{prefix}/{manifest.Attempt}", manifest, cancellationToken);
            }
            catch (ArtifactException damage)
            {
                warn($"{damage.Message} This snapshot is removed, and the one before it used.");
                await Remove(prefix, cancellationToken);
            }
        }
        return null;
    }

    /// <summary>Keeps the newest two, and what writers are at work on.</summary>
    public async Task RemoveOld(CancellationToken cancellationToken)
    {
        foreach (var old in (await ManifestsNewestFirst(cancellationToken)).Skip(SnapshotFolders.NumKept))
            await Remove(FolderOf(old), cancellationToken);
    }

    /// <summary>
    /// Removes all of them: the manifests first, the newest first of these, so that none is taken for whole without its files.
    /// </summary>
    public async Task RemoveAll(CancellationToken cancellationToken)
    {
        foreach (var manifestName in await ManifestsNewestFirst(cancellationToken)) await blobs.Remove(manifestName, cancellationToken);
        await blobs.RemoveAll($"{root}/", cancellationToken);
    }

    private static string FolderOf(string manifestName) => manifestName[..manifestName.LastIndexOf('/')];

    private async Task Remove(string prefix, CancellationToken cancellationToken)
    {
        await blobs.Remove($"{prefix}/{ArtifactManifest.FileName}", cancellationToken);
        await blobs.RemoveAll($"{prefix}/", cancellationToken);
    }

    private async Task<IReadOnlyList<string>> ManifestsNewestFirst(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var blob in blobs.List($"{root}/", cancellationToken))
        {
            // A file of a snapshot may have the same name, one level further down.
            if (blob.Name[(root.Length + 1)..].Split('/') is [_, ArtifactManifest.FileName]) names.Add(blob.Name);
        }
        names.Sort(StringComparer.Ordinal);
        names.Reverse();
        return names;
    }
}
