using System.Collections.Concurrent;
using TsVlm.Contracts;

namespace TsVlm.Artifacts;

/// <summary>
/// Local copies that this process has held against their manifests. A copy whose files have the size and the time of writing that they had
/// then is not read again: ten runs that share an artifact hash it once. A copy that another process left is always read in full first.
/// </summary>
internal sealed class CheckedCopies
{
    private const int MaxCopies = 10_000;
    private readonly ConcurrentDictionary<string, FileStamp[]> stamps = new();

    /// <summary>Whether a copy was checked and every file of the manifest is as it was then.</summary>
    public bool IsUnchanged(string folder, ArtifactManifest manifest) =>
        stamps.TryGetValue(folder, out var noted) && noted.AsSpan().SequenceEqual(StampsOf(folder, manifest));

    /// <summary>Remembers a copy that was just found whole.</summary>
    public void Note(string folder, ArtifactManifest manifest)
    {
        if (stamps.Count >= MaxCopies) stamps.Clear();   // they are checked again
        stamps[folder] = StampsOf(folder, manifest);
    }

    private static FileStamp[] StampsOf(string folder, ArtifactManifest manifest) => [.. manifest.Files.Select(described =>
    {
        var file = new FileInfo(Path.Combine(folder, described.Name));
        return new FileStamp(described, file.Exists ? file.Length : -1, file.LastWriteTimeUtc);
    })];

    /// <param name="Described">The file by its manifest.</param>
    /// <param name="Bytes">Its size; -1 where it is not there.</param>
    /// <param name="Written">When it was written.</param>
    private readonly record struct FileStamp(ArtifactFile Described, long Bytes, DateTime Written);
}
