using TsVlm.Contracts;

namespace TsVlm.ServiceDefaults;

/// <summary>Says that an artifact is complete, and what it holds. Written last, and only once.</summary>
/// <param name="Key">The artifact.</param>
/// <param name="Attempt">Folder below the key that holds the files; each writer has its own.</param>
/// <param name="Files">Every file, sorted by name.</param>
public sealed record ArtifactManifest(ArtifactKey Key, string Attempt, IReadOnlyList<ArtifactFile> Files);

/// <summary>A file of an artifact.</summary>
/// <param name="Name">Path below the artifact, with forward slashes.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of the content.</param>
public sealed record ArtifactFile(string Name, long Bytes, string Sha256);
