using System.Text.Json;
using System.Text.RegularExpressions;
using TorchSharp.Modules;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Files;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Checkpoints;

/// <summary>A model's adapters in PEFT's format: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
public static class Adapter
{
    internal const string ConfigFile = "adapter_config.json";
    internal const string WeightsFile = "adapter_model.safetensors";
    private const string Prefix = "base_model.model.";
    private const string ProjectorName = "multi_modal_projector";

    private static readonly JsonSerializerOptions JsonLayout = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Reads which adapters a folder holds.</summary>
    /// <exception cref="CheckpointException">No such file, or it asks for something this model cannot be.</exception>
    public static AdapterConfig ReadConfig(string folder)
    {
        var path = Path.Combine(folder, ConfigFile);
        if (!File.Exists(path)) throw new CheckpointException($"{path}: expected the adapter's configuration, found no such file.");
        var settings = JsonSettings.Parse(File.ReadAllText(path), path);
        _ = settings.OneOf("peft_type", "", ("LORA", true));
        foreach (var key in new[] { "use_dora", "fan_in_fan_out" })
            if (settings.Flag(key, false)) throw settings.Error(key, "false", "true");
        foreach (var key in new[] { "rank_pattern", "alpha_pattern" })
            if (settings.Object(key) is { IsEmpty: false }) throw settings.Error(key, "one size for every layer", "several");
        foreach (var key in new[] { "layers_to_transform", "layer_replication" })
            if (settings.Has(key)) throw settings.Error(key, "null", "a choice of layers");
        _ = settings.OneOf("bias", "none", ("none", true));
        var saved = settings.Texts("modules_to_save");
        if (saved.Any(name => name != ProjectorName))
            throw settings.Error("modules_to_save", $"[\"{ProjectorName}\"] or null", string.Join(", ", saved));
        return new AdapterConfig
        {
            Rank = settings.Count("r", 8),
            Alpha = settings.Positive("lora_alpha", 8),
            Dropout = settings.Number("lora_dropout", 0),
            RankStabilised = settings.Flag("use_rslora", false),
            TargetPattern = TargetPattern(settings),
            SavesProjector = saved.Count > 0,
        };
    }

    /// <summary>
    /// Loads adapters, and the projector where it is kept with them, into a model made with the same <see cref="AdapterConfig"/>.
    /// </summary>
    /// <exception cref="CheckpointException">
    /// The adapter is another one, or its tensors are missing, unexpected, damaged or of another shape.
    /// </exception>
    public static void Load(Llava model, string folder)
    {
        var config = ReadConfig(folder);
        var own = model.AdapterConfig;
        if (own is null || own.Rank != config.Rank || own.Scale != config.Scale)
            throw new CheckpointException(
                $"{Path.Combine(folder, ConfigFile)}: expected rank {own?.Rank ?? 0} and scale {own?.Scale ?? 0} as the model has, "
                + $"found rank {config.Rank} and scale {config.Scale}. Make the model with this configuration as {nameof(ModelOptions)}.{nameof(ModelOptions.Adapter)}.");
        LoadWeights(model, Path.Combine(folder, WeightsFile), config.SavesProjector);
    }

    /// <summary>Writes the adapters, and the projector where it is kept with them, byte for byte the same for the same weights.</summary>
    /// <exception cref="ArgumentException">The model has no adapters.</exception>
    public static void Save(Llava model, string folder, string baseModel = "")
    {
        var config = model.AdapterConfig
            ?? throw new ArgumentException("Expected a model with adapters, found one without.", nameof(model));
        Directory.CreateDirectory(folder);
        var weights = Parameters(model, config.SavesProjector).Select(pair => KeyValuePair.Create(pair.Key, (Tensor)pair.Value));
        SafetensorsWriter.Write(Path.Combine(folder, WeightsFile), weights);
        File.WriteAllText(Path.Combine(folder, ConfigFile),
            JsonSerializer.Serialize(new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["base_model_name_or_path"] = baseModel,
            ["bias"] = "none",
            ["fan_in_fan_out"] = false,
            ["inference_mode"] = true,
            ["init_lora_weights"] = true,
            ["lora_alpha"] = config.Alpha,
            ["lora_dropout"] = config.Dropout,
            ["modules_to_save"] = config.SavesProjector ? new[] { ProjectorName } : null,
            ["peft_type"] = "LORA",
            ["r"] = config.Rank,
            ["target_modules"] = config.TargetPattern,
            ["task_type"] = "CAUSAL_LM",
            ["use_rslora"] = config.RankStabilised,
        }, JsonLayout) + "\n");
    }

    /// <summary>
    /// Adds every adapter to its base weight; the model computes the same as before, and <see cref="Checkpoint.Save"/> then writes it as a
    /// plain one.
    /// </summary>
    public static void Merge(Llava model)
    {
        foreach (var layer in model.modules().OfType<LoraLinear>()) layer.Merge();
    }

    /// <summary>Whether the model computes what its base weights alone do.</summary>
    internal static bool IsMerged(Llava model) => model.modules().OfType<LoraLinear>().All(layer => layer.IsMerged());

    /// <summary>Loads a file of adapter weights, whatever configuration is beside it.</summary>
    internal static void LoadWeights(Llava model, string path, bool withProjector)
    {
        using var file = new SafetensorsFile(path);
        // Some versions of PEFT write the saved modules' names as they are in memory, with one level more.
        var tensors = file.Tensors.ToDictionary(
            pair => pair.Key.Replace(".modules_to_save.", ".", StringComparison.Ordinal), pair => new StoredTensor(pair.Key, file),
            StringComparer.Ordinal);
        new TensorPlan(path).Match(Parameters(model, withProjector), tensors).LoadInto(model);
    }

    private static Dictionary<string, Parameter> Parameters(Llava model, bool withProjector) => model.named_parameters()
        .Where(pair => CheckpointKeys.WithoutAdapter(pair.name) is null
            || (withProjector && pair.name.StartsWith(ProjectorName, StringComparison.Ordinal)))
        .ToDictionary(pair => Prefix + pair.name, pair => pair.parameter, StringComparer.Ordinal);

    // PEFT: a text is a pattern for the whole name; a list holds names, or ends of names after a dot.
    private static string TargetPattern(JsonSettings settings)
    {
        var targets = settings.Texts("target_modules");
        if (targets.Count == 0) throw settings.Error("target_modules", "a pattern or a list of names", "none");
        if (!settings.IsText("target_modules")) return $@"(.*\.)?({string.Join("|", targets.Select(Regex.Escape))})";
        try
        {
            return new Regex(targets[0], RegexOptions.CultureInvariant).ToString();
        }
        catch (ArgumentException)
        {
            throw settings.Error("target_modules", "a regular expression", $"'{targets[0]}'");
        }
    }
}
