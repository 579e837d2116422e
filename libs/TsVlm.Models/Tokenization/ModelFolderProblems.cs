using System.Text.Json;
using TsVlm.Representations;
using TsVlm.Representations.Tokenization;

namespace TsVlm.Models.Tokenization;

/// <summary>What keeps a folder from being a model, said before its files are read.</summary>
internal static class ModelFolderProblems
{
    private const string Config = "config.json";
    private const string AdapterConfig = "adapter_config.json";
    private const string SingleFile = "model.safetensors";
    private const string Index = "model.safetensors.index.json";

    /// <summary>The exception for a folder without config.json.</summary>
    public static FileNotFoundException NoConfig(string folder) => new(Adapter(folder) ?? $"{folder}: expected {Config}, found none. "
        + $"Name the folder of a LLaVA model in Hugging Face's form: {Config}, tokenizer and weights.");

    /// <summary>Refuses pointers of Git LFS in place of the files that are read first.</summary>
    /// <exception cref="InvalidDataException">A file is a pointer.</exception>
    public static void RequireContent(string folder, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path) && GitLfsPointer.Problem(path) is { } problem) throw new InvalidDataException(problem);
        }
    }

    /// <summary>Refuses a folder whose weights are missing, are pointers of Git LFS, or are those of an adapter alone.</summary>
    /// <exception cref="RepresentationException">There are no weights to start from.</exception>
    public static void RequireWeights(string folder, bool hasWeights)
    {
        if (!File.Exists(Path.Combine(folder, SingleFile)) && !File.Exists(Path.Combine(folder, Index)) && Adapter(folder) is { } adapter)
            throw new RepresentationException(adapter);
        if (!hasWeights)
        {
            throw new RepresentationException(
                $"{folder}: expected the weights of the model ({SingleFile}, or {Index} and the files it names), found none. "
                + "Add them, or start from random weights with \"recipe\": { \"fromScratch\": true } in the grid file.");
        }
        foreach (var path in Directory.EnumerateFiles(folder, "*.safetensors").Order(StringComparer.Ordinal))
            if (GitLfsPointer.Problem(path) is { } problem) throw new RepresentationException(problem);
    }

    // PEFT's layout: adapter_config.json and adapter_model.safetensors, without the base model's own files.
    private static string? Adapter(string folder)
    {
        var path = Path.Combine(folder, AdapterConfig);
        if (!File.Exists(path)) return null;
        var name = JsonSetting.Read(path) is { Value.ValueKind: JsonValueKind.Object } settings
            && settings.Find("base_model_name_or_path") is { Value.ValueKind: JsonValueKind.String, Text: { Length: > 0 } given }
            ? $" of the base model {given}" : "";
        return $"{folder}: expected a whole model, found a PEFT adapter ({AdapterConfig}){name}. Merge it into its base model first: "
            + "tsvlm export --merge for a run of tsvlm, else PEFT's merge_and_unload() and save_pretrained(); or name the base model.";
    }
}
