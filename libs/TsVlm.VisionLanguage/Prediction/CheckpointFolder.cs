using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.Models.Tokenization;
using TsVlm.Representations;
using TsVlm.Representations.Fitting;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Probing;
using TsVlm.VisionLanguage.Scoring;

namespace TsVlm.VisionLanguage.Prediction;

/// <summary>
/// A trained model on disk: <c>run.json</c> (what made it), <c>fitted.json</c> (how series become samples) and <c>model/</c>, a Hugging
/// Face folder with the weights, with the adapter alone where only an adapter was trained, or with neither where nothing was fine-tuned.
/// Where a probe reads classes it is beside them, <c>probe.safetensors</c>, and so is the temperature of the probabilities,
/// <c>calibration.json</c>.
/// </summary>
public sealed class CheckpointFolder
{
    private CheckpointFolder(string path, RunSpec run, FittedRepresentation fitted, ModelFolder model, TemperatureScaling scaling) =>
        (Path, Run, Fitted, Model, Scaling) = (path, run, fitted, model, scaling);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The run that made it.</summary>
    public RunSpec Run { get; }

    /// <summary>How series become samples for this model.</summary>
    public FittedRepresentation Fitted { get; }

    /// <summary>Configuration, tokenizer and preprocessing.</summary>
    public ModelFolder Model { get; }

    /// <summary>The temperature of its probabilities.</summary>
    public TemperatureScaling Scaling { get; }

    /// <summary>Whether it holds an adapter alone, which is put on the model it was trained on.</summary>
    public bool IsAdapter => File.Exists(System.IO.Path.Combine(ModelPath, "adapter_config.json"));

    /// <summary>Whether it holds no weights of a model: nothing was fine-tuned, and the model is the one that it started from.</summary>
    public bool IsUnchanged => !IsAdapter && !Model.HasWeights;

    /// <summary>Whether classes are read by a linear probe, in <c>probe.safetensors</c>.</summary>
    public bool HasProbe => File.Exists(System.IO.Path.Combine(Path, LinearProbe.WeightsFile));

    private string ModelPath => System.IO.Path.Combine(Path, ArtifactFiles.ModelFolder);

    /// <summary>
    /// Writes a trained model, in Hugging Face's form whatever the form it started from; the fitted representation and the temperature are
    /// the caller's to add.
    /// </summary>
    /// <param name="folder">Where it goes.</param>
    /// <param name="model">The model; null where it is as it was at the start, whose weights are not copied.</param>
    /// <param name="start">The model's folder.</param>
    /// <param name="run">The run that made it.</param>
    /// <param name="probe">The probe that reads classes; null where answers do.</param>
    public static void Write(string folder, Llava? model, ModelFolder start, RunSpec run, LinearProbe? probe = null)
    {
        var modelPath = Directory.CreateDirectory(System.IO.Path.Combine(folder, ArtifactFiles.ModelFolder)).FullName;
        probe?.Save(folder);
        if (model is null)
        {
            start.CopySettings(modelPath);
        }
        else if (model.AdapterConfig is null)
        {
            Checkpoint.Save(model, modelPath, start.Path);
        }
        else
        {
            start.CopySettings(modelPath);
            Adapter.Save(model, modelPath, start.Name);
        }
        OriginalLlavaForm.Find(start.Path)?.WriteSettings(modelPath);
        File.WriteAllBytes(System.IO.Path.Combine(folder, ArtifactFiles.Run),
            JsonSerializer.SerializeToUtf8Bytes(run, ContractJson.Indented));
    }

    /// <summary>Opens a trained model's folder.</summary>
    /// <exception cref="CheckpointException">A file is missing or not what it should be.</exception>
    public static CheckpointFolder Open(string folder) => new(
        folder,
        Read<RunSpec>(folder, ArtifactFiles.Run),
        Read<FittedRepresentation>(folder, ArtifactFiles.Fitted),
        ModelFolder.Open(System.IO.Path.Combine(folder, ArtifactFiles.ModelFolder)),
        File.Exists(System.IO.Path.Combine(folder, ArtifactFiles.Calibration))
            ? Read<TemperatureScaling>(folder, ArtifactFiles.Calibration)
            : TemperatureScaling.None(0, "the checkpoint is from before temperatures were fitted"));

    /// <summary>
    /// Loads the model in the precision it was trained in, in evaluation mode. An adapter is put on the model it was trained on, which must
    /// not have changed since; so must a model that was left as it was.
    /// </summary>
    /// <param name="device">Where it is computed.</param>
    /// <param name="models">
    /// Where the model of an adapter, or one that was left as it was, is found; by its path where none is given.
    /// </param>
    /// <exception cref="CheckpointException">The weights cannot be used, or the model below the adapter has changed.</exception>
    public Llava Load(ComputeDevice device, ModelCatalog? models = null)
    {
        // Nothing learns here, so no weight is kept wider than it is computed with: the results are the same bit for bit.
        var options = ModelOptions.ForTraining(Run.FineTuned!.Scenario.Recipe, Run.Seed, device) with { Trained = null };
        var catalog = models ?? ModelCatalog.ByPath;
        var model = IsAdapter ? LoadAdapted(options, catalog) : IsUnchanged
            ? ModelStart.Create(OpenBase(catalog), options with { Adapter = null })
            : ModelStart.Create(Model, options with { Adapter = null, FromScratch = false });
        model.eval();
        return model;
    }

    /// <summary>Loads the probe that reads classes.</summary>
    /// <exception cref="CheckpointException">There is none, or it cannot be used.</exception>
    public LinearProbe LoadProbe(ComputeDevice device) => LinearProbe.Load(Path, device.Device);

    /// <summary>Folder of the model that it started from.</summary>
    /// <exception cref="CheckpointException">It is not where it was, or has changed.</exception>
    internal ModelFolder OpenBase(ModelCatalog models)
    {
        try
        {
            return models.Open(Run.FineTuned!.Model);
        }
        catch (RepresentationException error)
        {
            var need = IsAdapter
                ? "an adapter needs the base model that it was trained on"
                : "nothing was fine-tuned, so the model it started from is needed";
            throw new CheckpointException($"{ModelPath}: {need}. {error.Message}", error);
        }
    }

    private Llava LoadAdapted(ModelOptions options, ModelCatalog models)
    {
        var model = ModelStart.Create(OpenBase(models), options);
        Adapter.Load(model, ModelPath);
        return model;
    }

    private static T Read<T>(string folder, string name)
    {
        var path = System.IO.Path.Combine(folder, name);
        if (!File.Exists(path))
            throw new CheckpointException(
                $"{path}: expected a trained model's folder, found no {name}. Name a folder that tsvlm run made.");
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), ContractJson.Indented)
                ?? throw new JsonException("the file holds null");
        }
        catch (JsonException error)
        {
            throw new CheckpointException($"{path}: expected {typeof(T).Name} as JSON: {error.Message}");
        }
    }
}
