using System.Collections.Concurrent;
using TsVlm.Contracts;
using TsVlm.Representations;

namespace TsVlm.Models;

/// <summary>
/// Where models are found: anywhere on this machine by their path, or by name in one folder, which they cannot leave. What a stage opens is
/// checked against the content that the run names.
/// </summary>
public sealed class ModelCatalog
{
    private const string Embedded = "tiny";
    private readonly string? directory;
    private readonly bool byPath;
    // Hashing reads all weights: once for each state of a folder.
    private readonly ConcurrentDictionary<string, string> hashes = new();

    private ModelCatalog(string? directory, bool byPath) => (this.directory, this.byPath) = (directory, byPath);

    /// <summary>Models are named by their path; for one process.</summary>
    public static ModelCatalog ByPath { get; } = new(null, byPath: true);

    /// <summary>Models are named by their folder below a directory; without one only the embedded model is there.</summary>
    public static ModelCatalog Below(string? directory) => new(directory, byPath: false);

    /// <summary>Opens a model by what a user calls it, and names it for runs.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such model.</exception>
    /// <exception cref="RepresentationException">A model of that name is there, but cannot be read.</exception>
    public (ModelFolder Model, ModelReference Reference) Find(string nameOrPath)
    {
        try
        {
            var model = ModelFolder.Open(PathOf(nameOrPath));
            return (model, new(model.Name, nameOrPath, HashOf(model)));
        }
        catch (Exception error) when (!byPath && (error is FileNotFoundException or InvalidDataException))
        {
            throw new RepresentationException($"Model '{nameOrPath}': {error.Message}");
        }
    }

    /// <summary>Opens the model of a run.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such model.</exception>
    /// <exception cref="RepresentationException">The model there is another one.</exception>
    public ModelFolder Open(ModelReference reference)
    {
        var model = ModelFolder.Open(PathOf(reference.Location));
        if (HashOf(model) == reference.ContentHash) return model;
        throw new RepresentationException(
            $"{model.Path}: expected the model {reference.Name} with content {reference.ContentHash[..Math.Min(12, reference.ContentHash.Length)]}, found {HashOf(model)[..12]}. "
            + "Bring the model back that the run was planned with, or ask for the experiment again.");
    }

    private string PathOf(string name)
    {
        if (byPath || name == Embedded) return name;
        if (directory is null)
            throw new DirectoryNotFoundException(
                $"Model '{name}': expected '{Embedded}', since no folder of models is set. Set Models__Directory.");
        var isName = name.Length > 0 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        var path = Path.Combine(directory, name);
        return isName && Directory.Exists(path)
            ? path
            : throw new DirectoryNotFoundException(
                $"Model '{name}': expected '{Embedded}' or the name of a folder below Models__Directory, found no such folder.");
    }

    private string HashOf(ModelFolder model)
    {
        var files = Directory.EnumerateFiles(model.Path).Order(StringComparer.Ordinal).Select(file => new FileInfo(file));
        var state = $"{model.Path}|{string.Join('|', files.Select(file => $"{file.Name}:{file.Length}:{file.LastWriteTimeUtc.Ticks}"))}";
        return hashes.GetOrAdd(state, _ => model.ContentHash);
    }
}
