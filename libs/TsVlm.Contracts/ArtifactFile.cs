using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace TsVlm.Contracts;

/// <summary>A file of an artifact.</summary>
/// <param name="Name">Path below the artifact, with forward slashes.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of the content.</param>
public sealed record ArtifactFile(string Name, long Bytes, string Sha256)
{
    /// <summary>Whether the name leads elsewhere than below the artifact.</summary>
    [JsonIgnore]
    public bool LeavesItsFolder => Path.IsPathRooted(Name) || Name.Split('/', '\\').Contains("..");

    /// <summary>Says that this file is not as it was written.</summary>
    public string Damage(string place, string found) => $"{place}: expected {Bytes} bytes with SHA-256 {Sha256}, found {found}.";

    /// <summary>Describes a file of a folder as it is now.</summary>
    public static async Task<ArtifactFile> Of(string folder, string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        var hash = await SHA256.HashDataAsync(stream, cancellationToken);
        return new(Path.GetRelativePath(folder, path).Replace('\\', '/'), stream.Length, Convert.ToHexStringLower(hash));
    }
}
