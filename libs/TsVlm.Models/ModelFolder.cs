using System.Security.Cryptography;
using System.Text;
using TsVlm.Models.Tokenization;
using TsVlm.Representations;

namespace TsVlm.Models;

/// <summary>
/// A model folder in Hugging Face's LLaVA form, or in LLaVA's own (<see cref="OriginalLlavaForm"/>): config.json, tokenizer and processor
/// files, and weights where it has any.
/// </summary>
public sealed class ModelFolder
{
    private const string Embedded = "tiny";
    private const string AdapterWeights = "adapter_model.safetensors";
    private readonly Lazy<string> contentHash;

    private ModelFolder(string name, string path, Tokenizer tokenizer, ModelInputs inputs)
    {
        Name = name;
        Path = path;
        Tokenizer = tokenizer;
        Inputs = inputs;
        contentHash = new Lazy<string>(() => HashOf(path));
    }

    /// <summary>What the results call it: <c>tiny</c>, or the folder's name.</summary>
    public string Name { get; }

    /// <summary>The folder, as a full path.</summary>
    public string Path { get; }

    /// <summary>
    /// SHA-256 over names and contents of the files that make the model; made at the first call, which reads all weights.
    /// </summary>
    public string ContentHash => contentHash.Value;

    /// <summary>The model's own tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>What building samples must know of the model.</summary>
    public ModelInputs Inputs { get; }

    /// <summary>
    /// Whether there are weights to start from. True also for files that cannot be read, so that loading says so; false for an adapter's
    /// alone.
    /// </summary>
    public bool HasWeights =>
        Directory.EnumerateFiles(Path).Any(name => (IsWeights(name) && System.IO.Path.GetFileName(name) != AdapterWeights)
        || System.IO.Path.GetExtension(name) is ".bin" or ".pt" or ".pth");

    /// <summary>Refuses a folder without weights; random ones must be asked for.</summary>
    /// <exception cref="RepresentationException">There are none, a file is a Git LFS pointer, or they are an adapter's alone.</exception>
    public void RequireWeights() => ModelFolderProblems.RequireWeights(Path, HasWeights);

    /// <summary>Opens the embedded model <c>tiny</c>, or the folder at that path.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder has no config.json or no tokenizer.</exception>
    /// <exception cref="InvalidDataException">A file is malformed or of a form that is not supported; names file and key.</exception>
    public static ModelFolder Open(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrPath);
        var path = nameOrPath == Embedded
            ? System.IO.Path.Combine(AppContext.BaseDirectory, "models", Embedded)
            : System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(nameOrPath));
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"Model '{nameOrPath}': expected '{Embedded}' or a folder, found no folder at {path}.");
        ModelFolderProblems.RequireContent(path, "config.json", "tokenizer.json", "tokenizer.model", "preprocessor_config.json");
        var config = JsonSetting.ReadIfThere(System.IO.Path.Combine(path, "config.json")) ?? throw ModelFolderProblems.NoConfig(path);
        if (OriginalLlavaForm.Find(path) is { } original) config = original.Translated();
        if (config["model_type"] is { } type && type.Text != "llava") throw type.Unexpected("\"llava\"");

        var tokenizer = Tokenizer.Open(path);
        var template = ReadTemplate(path);
        var encoding = new ConversationEncoding(tokenizer, template);
        var imageSize = config["vision_config"]["image_size"].Number;
        var inputs = new ModelInputs(imageSize, config["vision_config"]["patch_size"].Number, NumImageTokens(config), template,
            encoding.Count)
        {
            // The default of transformers' LlamaConfig.
            MaxPositions = config["text_config"].Find("max_position_embeddings")?.Number ?? 2048,
        };
        return new ModelFolder(System.IO.Path.GetFileName(path), path, tokenizer, inputs);
    }

    /// <summary>
    /// Copies configuration, tokenizer and processor files, and what only other programs read of a model, but no weights.
    /// </summary>
    public void CopySettings(string folder)
    {
        foreach (var name in Directory.EnumerateFiles(Path).Select(f => System.IO.Path.GetFileName(f))
            .Where(name => (IsPartOfModel(name) && !IsWeights(name)) || name is "generation_config.json" or "chat_template.json"
                or "chat_template.jinja"))
            File.Copy(System.IO.Path.Combine(Path, name), System.IO.Path.Combine(folder, name), overwrite: true);
    }

    private static int NumImageTokens(JsonSetting config)
    {
        var image = config["vision_config"]["image_size"];
        var patch = config["vision_config"]["patch_size"];
        if (patch.Number <= 0 || image.Number <= 0 || image.Number % patch.Number != 0)
            throw image.Unexpected($"a multiple of patch_size, which is {patch.Number}");
        var side = image.Number / patch.Number;
        return (config.Find("vision_feature_select_strategy")?.Text ?? "default") switch
        {
            "default" => side * side,
            "full" => side * side + 1,
            _ => throw config["vision_feature_select_strategy"].Unexpected("\"default\" or \"full\""),
        };
    }

    /// <summary>The template is this project's own key; without it LLaVA-1.5's.</summary>
    private static ConversationTemplate ReadTemplate(string path)
    {
        var name = JsonSetting.ReadIfThere(System.IO.Path.Combine(path, "processor_config.json"))?.Find("conversation_template");
        if (name is not { } setting) return ConversationTemplate.V1;
        return ConversationTemplate.All.FirstOrDefault(template => template.Name == setting.Text)
            ?? throw setting.Unexpected(string.Join(" or ", ConversationTemplate.All.Select(template => $"\"{template.Name}\"")));
    }

    private static string HashOf(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Directory.EnumerateFiles(folder).Select(f => System.IO.Path.GetFileName(f)).Where(IsPartOfModel)
            .Order(StringComparer.Ordinal))
        {
            using var file = File.OpenRead(System.IO.Path.Combine(folder, name));
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n"));
            hash.AppendData(SHA256.HashData(file));
        }
        // In LLaVA's own form the vision tower may lie in a folder of its own.
        if (OriginalLlavaForm.Find(folder)?.TowerFolder is { } tower && Directory.Exists(tower))
            hash.AppendData(Encoding.UTF8.GetBytes(HashOf(tower)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static bool IsPartOfModel(string name) =>
        name is "config.json" or "tokenizer.json" or "tokenizer.model" or "tokenizer_config.json" or "special_tokens_map.json"
        or "added_tokens.json"
            or "processor_config.json" or "preprocessor_config.json"
        || IsWeights(name);

    private static bool IsWeights(string name) =>
        name.EndsWith(".safetensors", StringComparison.Ordinal) || name.EndsWith(".safetensors.index.json", StringComparison.Ordinal);
}
