using System.Security.Cryptography;
using TsVlm.Contracts;

namespace TsVlm.ServiceDefaults;

/// <summary>Says that an artifact is complete, and what it holds. Written last, and only once.</summary>
/// <param name="Key">The artifact.</param>
/// <param name="Attempt">Folder below the key that holds the files; each writer has its own.</param>
/// <param name="Files">Every file, sorted by name.</param>
public sealed record ArtifactManifest(ArtifactKey Key, string Attempt, IReadOnlyList<ArtifactFile> Files)
{
    /// <summary>The manifest of the files that are in a folder now.</summary>
    public static async Task<ArtifactManifest> Of(ArtifactKey key, string attempt, string folder, CancellationToken cancellationToken)
    {
        var files = new List<ArtifactFile>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            files.Add(await ArtifactFile.Of(folder, path, cancellationToken));
        return new(key, attempt, files);
    }

    /// <summary>What is wrong with the first file that is not as it was written: which, what was expected and found; null when all are whole.</summary>
    public async Task<string?> FindDamage(string folder, CancellationToken cancellationToken)
    {
        foreach (var file in Files)
        {
            var path = Path.Combine(folder, file.Name);
            var found = File.Exists(path) ? await ArtifactFile.Of(folder, path, cancellationToken) : null;
            if (found != file)
                return $"{path}: expected {file.Bytes} bytes with SHA-256 {file.Sha256}, found {(found is null ? "no file" : $"{found.Bytes} bytes with {found.Sha256}")}.";
        }
        return null;
    }
}

/// <summary>A file of an artifact.</summary>
/// <param name="Name">Path below the artifact, with forward slashes.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of the content.</param>
public sealed record ArtifactFile(string Name, long Bytes, string Sha256)
{
    /// <summary>Describes a file of a folder as it is now.</summary>
    public static async Task<ArtifactFile> Of(string folder, string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        var hash = await SHA256.HashDataAsync(stream, cancellationToken);
        return new(Path.GetRelativePath(folder, path).Replace('\\', '/'), stream.Length, Convert.ToHexStringLower(hash));
    }
}
