namespace TsVlm.VisionLanguage.Files;

/// <summary>A tensor of a file.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="File">The open file.</param>
internal sealed record StoredTensor(string Name, SafetensorsFile File)
{
    public IReadOnlyList<long> Shape => File.Tensors[Name].Shape;
}

/// <summary>The .safetensors files of a model's folder, one or several with an index, all open, all headers checked.</summary>
internal sealed class CheckpointFiles : IDisposable
{
    private const string Single = "model.safetensors";
    private const string Index = "model.safetensors.index.json";

    private readonly Dictionary<string, SafetensorsFile> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SafetensorsFile> fileByTensor = new(StringComparer.Ordinal);

    /// <summary>Opens the files of a folder.</summary>
    /// <exception cref="CheckpointException">They are missing, in another format, damaged, or not what the index says.</exception>
    public CheckpointFiles(string folder)
    {
        try
        {
            if (File.Exists(Path.Combine(folder, Single))) Open(folder, Single);
            else if (File.Exists(Path.Combine(folder, Index))) OpenShards(folder);
            else throw Missing(folder);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Every tensor of the files, in the order of the names.</summary>
    public IEnumerable<StoredTensor> Tensors =>
        fileByTensor.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new StoredTensor(pair.Key, pair.Value));

    public void Dispose()
    {
        foreach (var file in files.Values) file.Dispose();
    }

    private SafetensorsFile Open(string folder, string name)
    {
        var file = files[name] = new SafetensorsFile(Path.Combine(folder, name));
        foreach (var tensor in file.Tensors.Keys)
        {
            if (!fileByTensor.TryAdd(tensor, file))
                throw new CheckpointException($"{Path.Combine(folder, name)}: tensor {tensor}: expected in one file, found in two.");
        }
        return file;
    }

    private void OpenShards(string folder)
    {
        var path = Path.Combine(folder, Index);
        var index = JsonSettings.Parse(File.ReadAllText(path), path);
        var shards = index.Object("weight_map") ?? throw index.Error("weight_map", "the file of every tensor", "nothing");
        var fileNames = shards.TextByKey().ToList();
        foreach (var name in fileNames.Select(pair => pair.Value).Distinct().Order(StringComparer.Ordinal))
        {
            // A name with folders in it could lead out of the model's folder.
            if (name != Path.GetFileName(name) || !name.EndsWith(".safetensors", StringComparison.Ordinal))
                throw index.Error("weight_map", "names of .safetensors files in the same folder", $"'{name}'");
            Open(folder, name);
        }
        foreach (var (tensor, name) in fileNames)
            if (!files[name].Tensors.ContainsKey(tensor)) throw shards.Error(tensor, $"a tensor in {name}", "no such tensor");
    }

    private static CheckpointException Missing(string folder)
    {
        if (!Directory.Exists(folder)) return new CheckpointException($"{folder}: expected a model's folder, found no such folder.");
        var pickle = Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .FirstOrDefault(name => Path.GetExtension(name) is ".bin" or ".pt" or ".pth");
        return new CheckpointException(pickle is null
            ? $"{folder}: expected {Single} or {Index}, found neither."
            : $"{folder}: expected {Single} or {Index}, found {pickle}. Pickle files can run code when read and are refused; "
                + "convert the model with Hugging Face: model.save_pretrained(folder, safe_serialization=True).");
    }
}
