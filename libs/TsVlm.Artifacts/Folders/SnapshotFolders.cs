using System.Globalization;
using TsVlm.Contracts;

namespace TsVlm.Artifacts.Folders;

/// <summary>
/// Snapshots of the unfinished work on one artifact: a folder for each position, its manifest inside. A folder is finished elsewhere and
/// comes here by one rename, which fails where there is one already; it leaves by one rename too. So none is ever seen half written or half
/// removed.
/// </summary>
/// <param name="root">Folder of this artifact's snapshots.</param>
/// <param name="key">The artifact.</param>
/// <param name="createWorkFolder">Makes the place where folders are finished and removed.</param>
internal sealed class SnapshotFolders(string root, ArtifactKey key, Func<string> createWorkFolder)
{
    internal const int NumKept = 2;   // the newest may turn out to be damaged
    private const string ManifestName = ArtifactManifest.FileName;
    private const int MaxAttempts = 5;

    /// <summary>Names sort as positions do.</summary>
    internal static string NameOf(long position) => position.ToString("d12", CultureInfo.InvariantCulture);

    /// <summary>Takes the content of a work folder as the snapshot at a position, unless there is one; keeps the newest two.</summary>
    public async Task Publish(long position, string workFolder, CancellationToken cancellationToken)
    {
        var name = NameOf(position);
        Json.Write(Path.Combine(workFolder, ManifestName), await ArtifactManifest.Of(key, name, workFolder, cancellationToken));
        Directory.CreateDirectory(root);
        Take(workFolder, Path.Combine(root, name));
        foreach (var old in NewestFirst().Skip(NumKept)) Remove(old);
    }

    private void Take(string workFolder, string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Move(workFolder, folder);
                return;
            }
            catch (IOException) when (Directory.Exists(folder) || !Directory.Exists(root))
            {
                // Another writer was first, with this snapshot or with the artifact itself.
                Directory.Delete(workFolder, recursive: true);
                return;
            }
            catch (IOException) when (attempt < MaxAttempts && Directory.Exists(workFolder))
            {
                // Another writer's was there, and was removed as too old before this one looked.
            }
        }
    }

    /// <summary>The newest snapshot whose files are whole, or null; those that are not are removed.</summary>
    public async Task<string?> FetchNewest(Action<string> warn, CancellationToken cancellationToken)
    {
        foreach (var folder in NewestFirst())
        {
            if (await FindDamage(folder, cancellationToken) is not { } damage) return folder;
            warn($"{damage} This snapshot is removed, and the one before it used.");
            Remove(folder);
        }
        return null;
    }

    /// <summary>Removes all of them.</summary>
    public void RemoveAll() => Remove(root);

    private static async Task<string?> FindDamage(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, ManifestName);
        if (!File.Exists(path)) return $"{path}: expected the manifest of a snapshot, found no such file.";
        try
        {
            return await Json.Read<ArtifactManifest>(path).FindDamage(folder, folder, cancellationToken);
        }
        catch (ArtifactException error)
        {
            return error.Message;
        }
    }

    private IEnumerable<string> NewestFirst() =>
        Directory.Exists(root) ? Directory.GetDirectories(root).OrderDescending(StringComparer.Ordinal) : [];

    private void Remove(string folder)
    {
        if (!Directory.Exists(folder)) return;
        var trash = createWorkFolder();
        try
        {
            Directory.Move(folder, Path.Combine(trash, "snapshot"));
        }
        catch (DirectoryNotFoundException)
        {
            // Another process removed it first.
        }
        Directory.Delete(trash, recursive: true);
    }
}
