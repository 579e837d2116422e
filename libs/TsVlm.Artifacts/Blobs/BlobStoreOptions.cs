namespace TsVlm.Artifacts.Blobs;

/// <summary>How a blob store is used.</summary>
public sealed record BlobStoreOptions
{
    private const int Mebibyte = 1 << 20;

    /// <summary>Size of the local cache; the least recently used artifacts beyond it are dropped, but none that is in use.</summary>
    public long MaxCacheBytes { get; init; } = 100_000_000_000;

    /// <summary>Bytes sent or asked for at a time; smaller files go in one piece. A file has at most 50,000 blocks.</summary>
    public int BlockBytes { get; init; } = 8 * Mebibyte;

    /// <summary>Blocks of one file under way at a time; each is held in memory while it is sent.</summary>
    public int BlocksAtOnce { get; init; } = 4;

    /// <summary>Files of one artifact under way at a time.</summary>
    public int FilesAtOnce { get; init; } = 4;

    /// <summary>How often a request is tried again before the store counts as lost.</summary>
    public int MaxRetries { get; init; } = 7;

    /// <summary>Time before the first retry; it doubles with each, up to <see cref="MaxRetryDelay"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// Longest time between two tries. With the defaults a store that refuses connections counts as lost after about half a minute.
    /// </summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one try of one request may take: a block, at the slowest connection that is to be borne.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Told of each request that is tried again: the number of the retry, from 1, and the request without what may be secret.
    /// </summary>
    public Action<int, string>? Retrying { get; init; }
}

/// <summary>
/// How far the transfer of an artifact or snapshot is. Reports of one transfer come one after another, and only ever grow.
/// </summary>
/// <param name="Name">Path of what is transferred below the store.</param>
/// <param name="IsUpload">To the store, or from it.</param>
/// <param name="BytesDone">Bytes transferred.</param>
/// <param name="Bytes">Bytes in all.</param>
public sealed record ArtifactTransfer(string Name, bool IsUpload, long BytesDone, long Bytes);
