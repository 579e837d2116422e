namespace TsVlm.Artifacts;

/// <summary>
/// Folders for the work of one store of one process, below a folder that several may share; those of processes that died are removed.
/// </summary>
internal sealed class WorkFolders : IDisposable
{
    private const string LockExtension = ".lock";
    private readonly string root;
    private readonly FileStream held;

    /// <summary>Clears what processes that died left below <paramref name="root"/>.</summary>
    public WorkFolders(string root)
    {
        Directory.CreateDirectory(root);
        RemoveDead(root);
        this.root = Path.Combine(root, Guid.NewGuid().ToString("n"));
        held = new FileStream(this.root + LockExtension, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>A new empty folder.</summary>
    public string Create() => Directory.CreateDirectory(Path.Combine(root, Guid.NewGuid().ToString("n"))).FullName;

    /// <inheritdoc />
    public void Dispose()
    {
        if (Directory.Exists(root)) Directory.Delete(root, recursive: true);
        File.Delete(root + LockExtension);
        held.Dispose();
    }

    private static void RemoveDead(string root)
    {
        foreach (var path in Directory.GetFiles(root, "*" + LockExtension))
        {
            using var dead = File.Exists(path) ? FileLock.TryExclusive(path) : null;
            if (dead is null) continue;
            var folder = path[..^LockExtension.Length];
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            File.Delete(path);
        }
    }
}
