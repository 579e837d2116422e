using System.Text.Json;
using System.Text.Json.Nodes;
using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Probing;

namespace TsVlm.VisionLanguage.Prediction;

/// <summary>Writes a trained model for use elsewhere: a Hugging Face folder with on-the-hub names, or an adapter in PEFT's form.</summary>
public static class ModelExport
{
    /// <summary>Name of the file that says what made the others.</summary>
    public const string CardFile = "export.json";

    /// <summary>
    /// Writes the whole model, with configuration, tokenizer and processor files; where only an adapter was trained, the adapter alone,
    /// or with <paramref name="merge"/> the whole model with the adapter added to its weights. A probe comes beside them (<c>weight</c> (K,
    /// P), <c>bias</c> (K)).
    /// <c>export.json</c>, the run, comes last.
    /// </summary>
    /// <param name="checkpoint">The trained model.</param>
    /// <param name="folder">Where the files go.</param>
    /// <param name="merge">Whether an adapter is merged; without effect on a model trained as a whole.</param>
    /// <param name="baseModel">What the adapter's configuration calls its base model; null for the base model's folder.</param>
    /// <exception cref="CheckpointException">
    /// A file is missing or not what it should be, or an adapter alone would be of no use.
    /// </exception>
    public static void Write(CheckpointFolder checkpoint, string folder, bool merge, string? baseModel = null)
    {
        Directory.CreateDirectory(folder);
        if (checkpoint.IsUnchanged)
        {
            // As it was drawn or loaded: the model it started from may have no weights of its own.
            using var model = checkpoint.Load(ComputeDevice.Cpu);
            Checkpoint.Save(model, folder, checkpoint.Model.Path);
        }
        else if (!checkpoint.IsAdapter)
        {
            checkpoint.Model.CopySettings(folder);
            foreach (var weights in Directory.EnumerateFiles(checkpoint.Model.Path, "*.safetensors"))
                File.Copy(weights, InFolder(folder, weights));
        }
        else if (merge)
        {
            using var model = checkpoint.Load(ComputeDevice.Cpu);
            Adapter.Merge(model);
            Checkpoint.Save(model, folder, checkpoint.Model.Path);
        }
        else
        {
            WriteAdapter(checkpoint, folder, baseModel);
        }
        if (checkpoint.HasProbe)
            File.Copy(Path.Combine(checkpoint.Path, LinearProbe.WeightsFile), Path.Combine(folder, LinearProbe.WeightsFile));
        File.WriteAllBytes(Path.Combine(folder, CardFile),
            JsonSerializer.SerializeToUtf8Bytes(Placeless(checkpoint.Run), ContractJson.Indented));
    }

    // The files are the trained ones, for a model in memory may have rounded the adapter to the precision it computes in.
    private static void WriteAdapter(CheckpointFolder checkpoint, string folder, string? baseModel)
    {
        var start = ModelFolder.Open(checkpoint.Run.FineTuned!.Model.Location);
        if (!start.HasWeights || checkpoint.Run.FineTuned.Scenario.Recipe.FromScratch)
            throw new CheckpointException(
                $"{checkpoint.Path}: expected an adapter whose base model has weights of its own, found the model {start.Name}, "
                + $"which starts from random ones (seed {checkpoint.Run.Seed}): nobody else has them. Export the whole model with --merge.");
        File.Copy(Path.Combine(checkpoint.Model.Path, Adapter.WeightsFile), Path.Combine(folder, Adapter.WeightsFile));
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(checkpoint.Model.Path, Adapter.ConfigFile)))!;
        settings["base_model_name_or_path"] = baseModel ?? start.Path;
        File.WriteAllText(Path.Combine(folder, Adapter.ConfigFile), settings.ToJsonString(ContractJson.Indented) + "\n");
    }

    private static string InFolder(string folder, string file) => Path.Combine(folder, Path.GetFileName(file));

    // Where the base model lay on this machine tells others nothing.
    private static RunSpec Placeless(RunSpec run) =>
        run with { FineTuned = run.FineTuned is { } tuned
            ? tuned with { Model = tuned.Model with { Location = tuned.Model.Name } } : null };
}
