namespace TsVlm.Artifacts;

/// <summary>Locks between processes of one machine by an open file; the system ends the lock of a process that dies.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until nobody else has a lock on that file.</summary>
    public static Task<FileStream> Exclusive(string path, CancellationToken cancellationToken) =>
        Take(() => TryExclusive(path), cancellationToken);

    /// <summary>Waits until nobody has an exclusive lock on that file.</summary>
    public static Task<FileStream> Shared(string path, CancellationToken cancellationToken) =>
        Take(() => TryOpen(path, FileShare.ReadWrite), cancellationToken);

    /// <summary>Null where somebody has a lock on that file.</summary>
    public static FileStream? TryExclusive(string path) => TryOpen(path, FileShare.None);

    private static async Task<FileStream> Take(Func<FileStream?> tryTake, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (tryTake() is { } taken) return taken;
            await Task.Delay(Wait, cancellationToken);
        }
    }

    private static FileStream? TryOpen(string path, FileShare share)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
        }
        catch (IOException error) when (error is not DirectoryNotFoundException && File.Exists(path))
        {
            return null;
        }
    }
}
