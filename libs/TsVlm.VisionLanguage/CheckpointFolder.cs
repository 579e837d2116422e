using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Representations;

namespace TsVlm.VisionLanguage;

/// <summary>
/// A trained model on disk: <c>run.json</c> (what made it), <c>fitted.json</c> (how series become samples) and <c>model/</c>, a Hugging Face
/// folder with the weights, or with the adapter alone where only an adapter was trained.
/// </summary>
public sealed class CheckpointFolder
{
    private CheckpointFolder(string path, RunSpec run, FittedRepresentation fitted, ModelFolder model) =>
        (Path, Run, Fitted, Model) = (path, run, fitted, model);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The run that made it.</summary>
    public RunSpec Run { get; }

    /// <summary>How series become samples for this model.</summary>
    public FittedRepresentation Fitted { get; }

    /// <summary>Configuration, tokenizer and preprocessing.</summary>
    public ModelFolder Model { get; }

    /// <summary>Whether it holds an adapter alone, which is put on the model it was trained on.</summary>
    public bool IsAdapter => File.Exists(System.IO.Path.Combine(ModelPath, "adapter_config.json"));

    private string ModelPath => System.IO.Path.Combine(Path, ArtifactFiles.ModelFolder);

    /// <summary>Writes a trained model, in Hugging Face's form whatever the form it started from; the fitted representation is the caller's to add.</summary>
    public static void Write(string folder, Llava model, ModelFolder start, RunSpec run)
    {
        var modelPath = Directory.CreateDirectory(System.IO.Path.Combine(folder, ArtifactFiles.ModelFolder)).FullName;
        if (model.AdapterConfig is null)
        {
            Checkpoint.Save(model, modelPath, start.Path);
        }
        else
        {
            start.CopySettings(modelPath);
            Adapter.Save(model, modelPath, start.Name);
        }
        OriginalLlavaForm.Find(start.Path)?.WriteSettings(modelPath);
        File.WriteAllBytes(System.IO.Path.Combine(folder, ArtifactFiles.Run), JsonSerializer.SerializeToUtf8Bytes(run, ContractJson.Indented));
    }

    /// <summary>Opens a trained model's folder.</summary>
    /// <exception cref="CheckpointException">A file is missing or not what it should be.</exception>
    public static CheckpointFolder Open(string folder) => new(
        folder,
        Read<RunSpec>(folder, ArtifactFiles.Run),
        Read<FittedRepresentation>(folder, ArtifactFiles.Fitted),
        ModelFolder.Open(System.IO.Path.Combine(folder, ArtifactFiles.ModelFolder)));

    /// <summary>
    /// Loads the model in the precision it was trained in, in evaluation mode. An adapter is put on the model it was trained on, which must
    /// not have changed since.
    /// </summary>
    /// <param name="device">Where it is computed.</param>
    /// <param name="models">Where an adapter's model is found; by its path where none is given.</param>
    /// <exception cref="CheckpointException">The weights cannot be used, or the model below the adapter has changed.</exception>
    public Llava Load(ComputeDevice device, ModelCatalog? models = null)
    {
        // Nothing learns here, so no weight is kept wider than it is computed with: the results are the same bit for bit.
        var options = ModelOptions.ForTraining(Run.FineTuned!.Scenario.Recipe, Run.Seed, device) with { Trained = null };
        var model = IsAdapter ? LoadAdapted(options, models ?? ModelCatalog.ByPath) : ModelStart.Create(Model, options with { Adapter = null });
        model.eval();
        return model;
    }

    private Llava LoadAdapted(ModelOptions options, ModelCatalog models)
    {
        var model = ModelStart.Create(OpenBase(models), options);
        Adapter.Load(model, ModelPath);
        return model;
    }

    private ModelFolder OpenBase(ModelCatalog models)
    {
        try
        {
            return models.Open(Run.FineTuned!.Model);
        }
        catch (RepresentationException error)
        {
            throw new CheckpointException($"{ModelPath}: an adapter needs the base model that it was trained on. {error.Message}", error);
        }
    }

    private static T Read<T>(string folder, string name)
    {
        var path = System.IO.Path.Combine(folder, name);
        if (!File.Exists(path)) throw new CheckpointException($"{path}: expected a trained model's folder, found no {name}. Name a folder that tsvlm run made.");
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), ContractJson.Indented) ?? throw new JsonException("the file holds null");
        }
        catch (JsonException error)
        {
            throw new CheckpointException($"{path}: expected {typeof(T).Name} as JSON: {error.Message}");
        }
    }
}
