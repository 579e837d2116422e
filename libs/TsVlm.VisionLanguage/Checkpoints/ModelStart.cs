using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.Representations;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Files;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Checkpoints;

/// <summary>A model as it is before training: the weights of its folder, or random ones where these are asked for.</summary>
public static class ModelStart
{
    /// <summary>Makes the model of a folder.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="options">Adapters, types of the weights, device, and the seed of what is drawn.</param>
    /// <exception cref="CheckpointException">The folder's configuration or weights cannot be used.</exception>
    /// <exception cref="RepresentationException">It has no weights, and random ones are not asked for.</exception>
    public static Llava Create(ModelFolder folder, ModelOptions options)
    {
        if (!options.FromScratch) folder.RequireWeights();
        var model = new Llava(LlavaConfig.Read(folder.Path), options);
        try
        {
            if (options.FromScratch) model.InitialiseWeights(options.Seed);
            else Checkpoint.Load(model, folder.Path);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Refuses a model that <see cref="Create"/> could not make for one of the recipes, before any other work is done: its configuration
    /// and, where its weights are wanted, the name and shape of every tensor. Only the headers of files are read, and no memory is taken.
    /// </summary>
    /// <exception cref="CheckpointException">The folder's configuration or weights cannot be used.</exception>
    /// <exception cref="RepresentationException">Weights are wanted, and there are none.</exception>
    public static void Check(ModelFolder folder, IReadOnlyCollection<Recipe> recipes)
    {
        if (recipes.Count == 0) return;
        var config = LlavaConfig.Read(folder.Path);
        if (recipes.All(recipe => recipe.FromScratch)) return;
        folder.RequireWeights();
        using var model = new Llava(config, new ModelOptions { Device = META });
        using var weights = new CheckpointWeights(folder.Path);
        _ = Checkpoint.Plan(model, weights);
    }
}
