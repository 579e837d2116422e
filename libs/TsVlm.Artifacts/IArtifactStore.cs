using TsVlm.Contracts;

namespace TsVlm.Artifacts;

/// <summary>
/// Keeps what the stages make. An artifact is there whole or not at all: its manifest is written last and create-only,
/// so of two writers of one key the first wins and the other's files are dropped.
/// </summary>
public interface IArtifactStore
{
    /// <summary>The manifest of a complete artifact, or null.</summary>
    Task<ArtifactManifest?> Find(ArtifactKey key, CancellationToken cancellationToken);

    /// <summary>
    /// A local folder, to be read only, with every file of the artifact, checked against the manifest. An artifact that lacks a file
    /// altogether is of use to nobody: it loses its manifest too, and is made again. One with a damaged file stays as it is, for people to
    /// look at.
    /// </summary>
    /// <exception cref="MissingArtifactException">The artifact is not there, or a file of it is not.</exception>
    /// <exception cref="ArtifactException">A file is damaged.</exception>
    Task<string> Fetch(ArtifactKey key, CancellationToken cancellationToken);

    /// <summary>One file of an artifact as a stream, from its first byte to its last, without fetching the others.</summary>
    /// <exception cref="MissingArtifactException">
    /// The artifact is not there, or this file of it is not, as with <see cref="Fetch"/>.
    /// </exception>
    /// <exception cref="ArtifactException">
    /// The artifact has no such file; from the read that would return its last byte, the file is damaged.
    /// </exception>
    Task<Stream> OpenRead(ArtifactKey key, string file, CancellationToken cancellationToken);

    /// <summary>An empty local folder to make an artifact in.</summary>
    string CreateWorkFolder();

    /// <summary>Takes the content of a work folder as the artifact; the folder is gone afterwards.</summary>
    Task<ArtifactManifest> Publish(ArtifactKey key, string workFolder, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the content of a work folder as a snapshot of the unfinished work on an artifact; the folder is gone afterwards. Snapshots
    /// appear whole and create-only: of two writers at one position the first wins. The newest two are kept, and none once the artifact is
    /// there.
    /// </summary>
    /// <param name="key">The artifact that is being made.</param>
    /// <param name="position">How far the work was; the larger is the newer.</param>
    /// <param name="workFolder">All that is needed to go on.</param>
    /// <param name="cancellationToken">Gives up; no snapshot is left then.</param>
    Task PublishSnapshot(ArtifactKey key, long position, string workFolder, CancellationToken cancellationToken);

    /// <summary>
    /// A local folder, to be read only, with the newest snapshot whose files are as its manifest says; null where there is none.
    /// One that is damaged is never used: <paramref name="warn"/> is told which and why, and the one before it is taken.
    /// </summary>
    Task<string?> FetchNewestSnapshot(ArtifactKey key, Action<string> warn, CancellationToken cancellationToken);

    /// <summary>Everything the store holds: artifacts, snapshots, and what writers that died or lost left behind.</summary>
    IAsyncEnumerable<StoredPart> List(CancellationToken cancellationToken);

    /// <summary>
    /// Removes a part, unless it was written to since it was listed. An artifact loses its manifest first, so it is never seen in part.
    /// </summary>
    /// <returns>Whether it was removed.</returns>
    Task<bool> Remove(StoredPart part, CancellationToken cancellationToken);
}

/// <summary>An artifact that is missing or damaged; the message says which, and what to do.</summary>
public class ArtifactException(string message) : Exception(message), IUserFacingError;

/// <summary>An artifact that is not in the store, or not whole; the stage that makes it can make it again.</summary>
/// <param name="key">The artifact.</param>
/// <param name="message">Where it was looked for, and what to do.</param>
public sealed class MissingArtifactException(ArtifactKey key, string message) : ArtifactException(message)
{
    /// <summary>The artifact.</summary>
    public ArtifactKey Key => key;

    internal static MissingArtifactException NotWhole(ArtifactKey key, ArtifactFile file, string place) =>
        new(key, $"{file.Damage(place, "no file")} The artifact is not whole, and its manifest was removed: run the stage that makes it.");
}

/// <summary>A store that cannot be used now: it does not answer, or refuses access. The same work may succeed later.</summary>
public sealed class ArtifactStoreException(string message, Exception? inner = null) : IOException(message, inner), IUserFacingError;
