using TsVlm.Representations;

namespace TsVlm.VisionLanguage;

/// <summary>A model as it is before training: the weights of its folder, or random ones where it has none or none are wanted.</summary>
public static class ModelStart
{
    /// <summary>Makes the model of a folder.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="options">Adapters, types of the weights, device, and the seed of what is drawn.</param>
    /// <exception cref="CheckpointException">The folder's configuration or weights cannot be used.</exception>
    public static Llava Create(ModelFolder folder, ModelOptions options)
    {
        var model = new Llava(LlavaConfig.Read(folder.Path), options);
        try
        {
            if (folder.HasWeights && !options.FromScratch) Checkpoint.Load(model, folder.Path);
            else model.InitialiseWeights(options.Seed);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
