using TsVlm.Contracts;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>How a model is made: its adapters, the types of its weights and the device they are on, all from the start.</summary>
public sealed record ModelOptions
{
    /// <summary>Adapters in the language model; null for none.</summary>
    public AdapterConfig? Adapter { get; init; }

    /// <summary>Seed of new adapters, and of all weights where a model starts without a checkpoint.</summary>
    public int Seed { get; init; }

    /// <summary>Type of the activations, and of the weights that do not learn.</summary>
    public Precision Precision { get; init; }

    /// <summary>
    /// Which weights learn and so are float32 whatever the precision: a step is smaller than bfloat16 can tell apart. Null for none.
    /// Adapters are always float32, so that one may be merged in full precision.
    /// </summary>
    public TrainedPart? Trained { get; init; }

    /// <summary>Draws every weight by the seed, whatever weights the model's folder has.</summary>
    public bool FromScratch { get; init; }

    /// <summary>Where the weights are; on <c>torch.META</c> they have shapes and types but take no memory.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>A model that a recipe trains.</summary>
    public static ModelOptions ForTraining(Recipe recipe, int seed, ComputeDevice device) => new()
    {
        Adapter = recipe is { LeavesModel: false, Trained: TrainedPart.Lora } ? AdapterConfig.From(recipe.Lora) : null,
        Seed = seed,
        Precision = recipe.Precision,
        Trained = recipe.LeavesModel ? null : recipe.Trained,
        FromScratch = recipe.FromScratch,
        Device = device.Device,
    };

    /// <summary>How weights are made whose names begin so, such as <c>vision_tower.</c></summary>
    internal WeightFormat FormatOf(string part)
    {
        var computed = Precision is Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        var learns = Trained is { } trained && LearnedWeights.Includes(part, trained);
        return new WeightFormat(learns ? ScalarType.Float32 : computed, computed, Device);
    }
}
