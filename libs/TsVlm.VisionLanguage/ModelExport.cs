using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Representations;

namespace TsVlm.VisionLanguage;

/// <summary>Writes a trained model for use elsewhere: a Hugging Face folder with on-the-hub names, or an adapter in PEFT's form.</summary>
public static class ModelExport
{
    /// <summary>Name of the file that says what made the others.</summary>
    public const string CardFile = "export.json";

    /// <summary>
    /// Writes the whole model, with configuration, tokenizer and processor files; where only an adapter was trained, the adapter alone,
    /// or with <paramref name="merge"/> the whole model with the adapter added to its weights. <c>export.json</c>, the run, comes last.
    /// </summary>
    /// <param name="checkpoint">The trained model.</param>
    /// <param name="folder">Where the files go.</param>
    /// <param name="merge">Whether an adapter is merged; without effect on a model trained as a whole.</param>
    /// <param name="baseModel">What the adapter's configuration calls its base model; null for the base model's folder.</param>
    /// <exception cref="CheckpointException">A file is missing or not what it should be, or an adapter alone would be of no use.</exception>
    public static void Write(CheckpointFolder checkpoint, string folder, bool merge, string? baseModel = null)
    {
        using var model = checkpoint.Load();
        if (checkpoint.IsAdapter && !merge)
        {
            var start = ModelFolder.Open(checkpoint.Run.FineTuned!.Model.Location);
            if (!start.HasWeights)
                throw new CheckpointException($"{checkpoint.Path}: expected an adapter whose base model has weights of its own, found the model {start.Name}, "
                    + $"which starts from random ones (seed {checkpoint.Run.Seed}): nobody else has them. Export the whole model with --merge.");
            Adapter.Save(model, folder, baseModel ?? start.Path);
        }
        else
        {
            Adapter.Merge(model);
            Checkpoint.Save(model, folder, checkpoint.Model.Path);
        }
        File.WriteAllBytes(Path.Combine(folder, CardFile), JsonSerializer.SerializeToUtf8Bytes(Placeless(checkpoint.Run), ContractJson.Indented));
    }

    // Where the base model lay on this machine tells others nothing.
    private static RunSpec Placeless(RunSpec run) =>
        run with { FineTuned = run.FineTuned is { } tuned ? tuned with { Model = tuned.Model with { Location = tuned.Model.Name } } : null };
}
