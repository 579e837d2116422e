using System.Text.Json;
using System.Text.Json.Serialization;
using TsVlm.Contracts;

namespace TsVlm.Artifacts;

/// <summary>Says that an artifact is complete, and what it holds. Written last, and only once.</summary>
/// <param name="Key">The artifact.</param>
/// <param name="Attempt">Folder below the key that holds the files; each writer has its own.</param>
/// <param name="Files">Every file, sorted by name.</param>
public sealed record ArtifactManifest(ArtifactKey Key, string Attempt, IReadOnlyList<ArtifactFile> Files)
{
    /// <summary>Name of the manifest's own file.</summary>
    internal const string FileName = "manifest.json";

    /// <summary>How the name of a manifest ends that is still being written.</summary>
    internal const string DraftExtension = ".manifest";

    /// <summary>Size of all files.</summary>
    [JsonIgnore]
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>The manifest of the files that are in a folder now.</summary>
    public static async Task<ArtifactManifest> Of(ArtifactKey key, string attempt, string folder, CancellationToken cancellationToken)
    {
        var files = new List<ArtifactFile>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            files.Add(await ArtifactFile.Of(folder, path, cancellationToken));
        return new(key, attempt, files);
    }

    /// <summary>
    /// What is wrong with the first file that is not as it was written: which, what was expected and found; null when all are whole.
    /// </summary>
    /// <param name="folder">Where the files are.</param>
    /// <param name="place">What the message calls that folder: where the files came from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string?> FindDamage(string folder, string place, CancellationToken cancellationToken)
    {
        foreach (var file in Files)
        {
            var path = Path.Combine(folder, file.Name);
            var found = System.IO.File.Exists(path) ? await ArtifactFile.Of(folder, path, cancellationToken) : null;
            if (found != file)
                return file.Damage($"{place}/{file.Name}", found is null ? "no file" : $"{found.Bytes} bytes with {found.Sha256}");
        }
        return null;
    }

    /// <summary>The file of that name.</summary>
    /// <exception cref="ArtifactException">The artifact has none.</exception>
    public ArtifactFile File(string name) => Files.FirstOrDefault(file => file.Name == name)
        ?? throw new ArtifactException(
            $"{Key}: expected a file '{name}', found {string.Join(", ", Files.Take(10).Select(f => f.Name))}{(Files.Count > 10 ? ", ..." : "")}.");

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="ArtifactException">It is damaged.</exception>
    internal static ArtifactManifest Parse(ReadOnlySpan<byte> json, string place)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<ArtifactManifest>(json, ContractJson.Indented)
                ?? throw new JsonException("the file holds null");
            return manifest.Files.FirstOrDefault(file => file.LeavesItsFolder) is { } file
                ? throw new JsonException($"{file.Name} leads out of the artifact") : manifest;
        }
        catch (JsonException error)
        {
            throw new ArtifactException(
                $"{place}: expected an artifact manifest, found damaged JSON ({error.Message}). Remove it; the stage will run again.");
        }
    }

    /// <summary>The manifest as it is written.</summary>
    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ContractJson.Indented);
}
