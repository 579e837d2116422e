using TsVlm.Contracts;

namespace TsVlm.Artifacts;

/// <summary>What a store holds under one key, as far as it is kept or removed as a whole.</summary>
/// <param name="Key">The artifact it belongs to.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name below the key: the attempt's, or <c>snapshots</c>.</param>
/// <param name="Bytes">Size of its files.</param>
/// <param name="LastWrite">When the newest of its files was written.</param>
public sealed record StoredPart(ArtifactKey Key, StoredPartKind Kind, string Name, long Bytes, DateTimeOffset LastWrite)
{
    /// <summary>Name of the snapshots' part.</summary>
    internal const string Snapshots = "snapshots";

    /// <summary>The parts that the files of one key make up.</summary>
    /// <param name="key">The artifact.</param>
    /// <param name="attempt">The attempt that its manifest names; null where there is no manifest.</param>
    /// <param name="files">Path below the key, size and time of each file.</param>
    internal static IEnumerable<StoredPart> Of(ArtifactKey key, string? attempt,
        IEnumerable<(string Path, long Bytes, DateTimeOffset Written)> files) =>
        files.GroupBy(file => NameOf(file.Path, attempt), StringComparer.Ordinal).OrderBy(part => part.Key, StringComparer.Ordinal)
            .Select(part => new StoredPart(key, KindOf(part.Key, attempt), part.Key, part.Sum(f => f.Bytes), part.Max(f => f.Written)));

    private static string NameOf(string path, string? attempt)
    {
        if (path == ArtifactManifest.FileName) return attempt ?? path;
        var first = path.Split('/')[0];
        return first.EndsWith(ArtifactManifest.DraftExtension, StringComparison.Ordinal)
            ? first[..^ArtifactManifest.DraftExtension.Length] : first;
    }

    private static StoredPartKind KindOf(string name, string? attempt) =>
        name == Snapshots ? StoredPartKind.Snapshots : name == attempt ? StoredPartKind.Artifact : StoredPartKind.Leftover;
}

/// <summary>What a part of a store is.</summary>
public enum StoredPartKind
{
    /// <summary>A complete artifact with its manifest.</summary>
    Artifact,
    /// <summary>Snapshots of unfinished work.</summary>
    Snapshots,
    /// <summary>Files that no manifest names: of a writer at work, or of one that died.</summary>
    Leftover,
}
