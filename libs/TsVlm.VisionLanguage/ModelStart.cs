using TsVlm.Contracts;
using TsVlm.Representations;

namespace TsVlm.VisionLanguage;

/// <summary>A model as it is before training: the weights of its folder, or random ones where it has none.</summary>
public static class ModelStart
{
    /// <summary>Makes the model of a folder.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="lora">Adapters to put in; null for none.</param>
    /// <param name="seed">Seed of random weights and of new adapters.</param>
    public static Llava Create(ModelFolder folder, LoraSettings? lora, int seed)
    {
        var model = new Llava(LlavaConfig.Read(folder.Path), lora, seed);
        if (folder.HasWeights) Checkpoint.Load(model, folder.Path);
        else model.InitialiseWeights(seed);
        return model;
    }
}
