using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Planning;

/// <summary>The weights of a model that is trained by a recipe, with shapes and types but without memory.</summary>
internal sealed class PlannedWeights : IDisposable
{
    private readonly Llava model;
    private readonly IReadOnlyList<TrainedParameter> trained;

    private PlannedWeights(Llava model, Recipe recipe) =>
        (this.model, trained) = (model, recipe.LeavesModel ? [] : TrainedParameters.Choose(model, recipe));

    /// <summary>Bytes of all weights.</summary>
    public long Bytes => model.parameters().Sum(weight => weight.NumberOfElements * weight.ElementSize);

    /// <summary>Number of weights, adapters included.</summary>
    public long Num => model.parameters().Sum(weight => weight.NumberOfElements);

    /// <summary>Number of weights that learn.</summary>
    public long NumTrained => trained.Sum(weight => weight.Tensor.NumberOfElements);

    /// <summary>Makes the model on the meta device.</summary>
    public static PlannedWeights Of(LlavaConfig config, Recipe recipe) =>
        new(new Llava(config, ModelOptions.ForTraining(recipe, seed: 0, ComputeDevice.Cpu) with { Device = META }), recipe);

    /// <summary>
    /// Bytes of the copies in 16 bits that master weights are multiplied as, which the backward pass needs again: of all, or where layers
    /// are computed again, of one layer.
    /// </summary>
    public long CastBytes(Recipe recipe)
    {
        if (recipe.Precision is Precision.Float32) return 0;
        var matrices = trained.Where(weight => weight.Tensor.dim() > 1).Sum(weight => weight.Tensor.NumberOfElements);
        return 2 * (recipe.GradientCheckpointing ? matrices / model.Config.Text.NumLayers : matrices);
    }

    public void Dispose() => model.Dispose();
}
