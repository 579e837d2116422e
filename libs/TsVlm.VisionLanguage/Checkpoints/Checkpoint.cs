using TorchSharp.Modules;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Files;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Checkpoints;

/// <summary>A model's weights in Hugging Face's format, by either naming, in one file or several.</summary>
public static class Checkpoint
{
    private const string Head = "language_model.lm_head.weight";
    private const string Embedding = "language_model.model.embed_tokens.weight";

    // What a folder needs beside the weights to be opened by Hugging Face transformers, as far as the source has it.
    private static readonly string[] Companions =
    [
        "config.json", "generation_config.json", "preprocessor_config.json", "processor_config.json", "chat_template.json",
        "chat_template.jinja",
        "tokenizer.model", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    ];

    /// <summary>
    /// Loads every weight but the adapters', each read into its place and converted to its type there. The headers of all files are checked
    /// before the first byte is copied: on an error in them nothing is loaded. Where a file then cannot be read to its end, the model is
    /// disposed.
    /// </summary>
    /// <exception cref="CheckpointException">Files or tensors are missing, unexpected, damaged or of another shape.</exception>
    public static void Load(Llava model, string folder)
    {
        using var weights = new CheckpointWeights(folder);
        Plan(model, weights).LoadInto(model);
    }

    /// <summary>Where each tensor of the files goes.</summary>
    /// <exception cref="CheckpointException">Tensors are missing, unexpected or of another shape.</exception>
    internal static TensorPlan Plan(Llava model, CheckpointWeights weights)
    {
        var tensors = weights.Tensors();
        // Some files store a tied head a second time; the model has none.
        if (model.Config.TieWordEmbeddings) tensors.Remove(Head);
        return new TensorPlan(weights.Folder) { NumNewRows = name => name is Head or Embedding
            ? weights.NumNewTokens : 0 }.Match(Parameters(model), tensors);
    }

    /// <summary>
    /// Writes <c>model.safetensors</c> with the older, on-the-hub names, and copies configuration and tokenizer files from <paramref name="sourceFolder"/>.
    /// </summary>
    /// <exception cref="CheckpointException">The model has adapters that are not merged.</exception>
    public static void Save(Llava model, string folder, string? sourceFolder = null)
    {
        if (!Adapter.IsMerged(model))
            throw new CheckpointException($"{folder}: expected a model whose adapters are merged, found adapters. "
                + $"Save them with {nameof(Adapter)}.{nameof(Adapter.Save)}, or merge them first with {nameof(Adapter)}.{nameof(Adapter.Merge)}.");
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), Parameters(model)
            .Select(pair => KeyValuePair.Create(pair.Key, (Tensor)pair.Value)));
        if (sourceFolder is null || Path.GetFullPath(sourceFolder) == Path.GetFullPath(folder)) return;
        foreach (var name in Companions.Where(name => File.Exists(Path.Combine(sourceFolder, name))))
            File.Copy(Path.Combine(sourceFolder, name), Path.Combine(folder, name), overwrite: true);
    }

    private static Dictionary<string, Parameter> Parameters(Llava model) => model.named_parameters()
        .Select(pair => (Name: CheckpointKeys.WithoutAdapter(pair.name), pair.parameter)).Where(pair => pair.Name is not null)
        .ToDictionary(pair => pair.Name!, pair => pair.parameter, StringComparer.Ordinal);
}
