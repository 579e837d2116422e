namespace TsVlm.Artifacts;

/// <summary>
/// Local copies of what a remote store holds, shared by the processes of a machine. Beside each folder lie two empty files that only carry
/// locks:
/// <c>.use</c>, shared by those who read the folder, exclusive for who removes it and dated by the last use; <c>.fetch</c>, for the one who
/// downloads.
/// A folder is downloaded elsewhere, checked, and comes here by one rename; it leaves by one rename too.
/// </summary>
/// <param name="root">Folder of the copies; on one file system with the work folders.</param>
/// <param name="maxBytes">Above this size the least recently used copies that nobody uses are removed.</param>
/// <param name="createWorkFolder">Makes the place where copies are finished and removed.</param>
/// <param name="clock">Dates uses.</param>
internal sealed class ArtifactCache(string root, long maxBytes, Func<string> createWorkFolder, TimeProvider clock) : IDisposable
{
    private const string UseExtension = ".use";
    private const string FetchExtension = ".fetch";
    private readonly ArtifactUse owner = ArtifactUse.OfOwner();
    private readonly CheckedCopies checkedCopies = new();

    /// <summary>The local folder of what a manifest describes, downloaded where it is not here whole.</summary>
    /// <param name="name">Path below the cache, the attempt included: content under one name never changes.</param>
    /// <param name="manifest">What it holds.</param>
    /// <param name="place">Where it comes from, for messages.</param>
    /// <param name="download">Puts the files into an empty folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArtifactException">What was downloaded is not what the manifest says.</exception>
    public async Task<string> Get(string name, ArtifactManifest manifest, string place, Func<string, Task> download,
        CancellationToken cancellationToken)
    {
        var folder = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        var use = await FileLock.Shared(folder + UseExtension, cancellationToken);
        try
        {
            if (!await IsWhole(folder, manifest, cancellationToken)) await Place(folder, manifest, place, download, cancellationToken);
            File.SetLastWriteTimeUtc(folder + UseExtension, clock.GetUtcNow().UtcDateTime);
        }
        catch
        {
            use.Dispose();
            throw;
        }
        (ArtifactUse.Current ?? owner).Hold(folder, use);
        return folder;
    }

    /// <inheritdoc />
    public void Dispose() => owner.Dispose();

    private async Task Place(string folder, ArtifactManifest manifest, string place, Func<string, Task> download,
        CancellationToken cancellationToken)
    {
        await using var turn = await FileLock.Exclusive(folder + FetchExtension, cancellationToken);
        if (await IsWhole(folder, manifest, cancellationToken)) return;
        Remove(folder);
        MakeRoom(manifest.Bytes);
        var draft = createWorkFolder();
        try
        {
            await download(draft);
            if (await manifest.FindDamage(draft, place, cancellationToken) is { } damage) throw new ArtifactException(damage);
            Directory.Move(draft, folder);
            checkedCopies.Note(folder, manifest);
        }
        finally
        {
            if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        }
    }

    private async Task<bool> IsWhole(string folder, ArtifactManifest manifest, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) return false;
        if (checkedCopies.IsUnchanged(folder, manifest)) return true;
        if (await manifest.FindDamage(folder, folder, cancellationToken) is not null) return false;
        checkedCopies.Note(folder, manifest);
        return true;
    }

    /// <summary>What is in use stays, so the cache may be larger than its bound for as long as that much is needed at once.</summary>
    private void MakeRoom(long bytes)
    {
        var copies = new DirectoryInfo(root).EnumerateFiles("*" + UseExtension, SearchOption.AllDirectories)
            .Select(use => (Use: use, Folder: new DirectoryInfo(use.FullName[..^UseExtension.Length]))).Where(copy => copy.Folder.Exists)
            .Select(copy => (copy.Use, copy.Folder, Bytes: SizeOf(copy.Folder))).OrderBy(copy => copy.Use.LastWriteTimeUtc).ToList();
        var total = bytes + copies.Sum(copy => copy.Bytes);
        foreach (var (use, folder, size) in copies)
        {
            if (total <= maxBytes) return;
            using var unused = FileLock.TryExclusive(use.FullName);
            if (unused is null) continue;
            Remove(folder.FullName);
            total -= size;
        }
    }

    private static long SizeOf(DirectoryInfo folder)
    {
        try
        {
            return folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (IOException) when (!Directory.Exists(folder.FullName))
        {
            return 0;   // another process removed it meanwhile
        }
    }

    private void Remove(string folder)
    {
        if (!Directory.Exists(folder)) return;
        var trash = createWorkFolder();
        try
        {
            Directory.Move(folder, Path.Combine(trash, "copy"));
        }
        catch (DirectoryNotFoundException)
        {
            // Another process removed it first.
        }
        Directory.Delete(trash, recursive: true);
    }
}
