using TsVlm.Models.Tokenization;

namespace TsVlm.VisionLanguage.Files;

/// <summary>
/// The weights of a model's folder under the model's own names; in LLaVA's own form the vision tower's may come from a folder of its own.
/// </summary>
internal sealed class CheckpointWeights : IDisposable
{
    private const string Tower = "vision_tower.";

    private readonly OriginalLlavaForm? original;
    private readonly List<CheckpointFiles> opened = [];

    /// <summary>Opens the files and checks their headers.</summary>
    /// <exception cref="CheckpointException">They are missing, in another format, damaged, or not what their index says.</exception>
    public CheckpointWeights(string folder)
    {
        Folder = folder;
        try
        {
            original = OriginalLlavaForm.Find(folder);
            opened.Add(new CheckpointFiles(folder));
            if (original is not null && !Keys(opened[0]).Any(IsOfTower)) opened.Add(OpenTower(original));
        }
        catch (Exception error)
        {
            Dispose();
            if (error is InvalidDataException) throw new CheckpointException(error.Message, error);
            throw;
        }
    }

    /// <summary>The model's folder.</summary>
    public string Folder { get; }

    /// <summary>Rows that the embedding and the head have more in Hugging Face's form.</summary>
    public int NumNewTokens => original is null ? 0 : OriginalLlavaForm.NumNewTokens;

    /// <summary>Every tensor under its name in the model, constants that every model computes anew left out.</summary>
    /// <exception cref="CheckpointException">Two tensors have one name in the model.</exception>
    public Dictionary<string, StoredTensor> Tensors()
    {
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var (number, files) in opened.Index())
        {
            foreach (var tensor in files.Tensors.Where(tensor => !CheckpointKeys.IsComputed(tensor.Name)))
            {
                var key = CheckpointKeys.Canonical(tensor.Name);
                // A CLIP model also has a text tower and projections, which LLaVA does not read.
                if (number > 0 && !IsOfTower(key)) continue;
                if (!tensors.TryAdd(key, tensor))
                    throw new CheckpointException($"{Folder}: expected one tensor for {key}, found {tensors[key].Name} and {tensor.Name}.");
            }
        }
        return tensors;
    }

    public void Dispose()
    {
        foreach (var files in opened) files.Dispose();
    }

    private static CheckpointFiles OpenTower(OriginalLlavaForm original)
    {
        try
        {
            return new CheckpointFiles(original.TowerFolder);
        }
        catch (CheckpointException error)
        {
            throw new CheckpointException(
                $"{error.Message} The vision tower's weights are not in the model's own files either. {original.TowerAdvice}", error);
        }
    }

    private static IEnumerable<string> Keys(CheckpointFiles files) => files.Tensors.Select(tensor => CheckpointKeys.Canonical(tensor.Name));

    private static bool IsOfTower(string key) => key.StartsWith(Tower, StringComparison.Ordinal);
}
