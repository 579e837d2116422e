using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// How the weights of a layer are made. They are made in their final type and place: a 7B model is never in memory twice.
/// </summary>
/// <param name="Stored">Type of the weights.</param>
/// <param name="Computed">Type of the activations; a weight of another type is cast at each use.</param>
/// <param name="Device">Where the weights are.</param>
internal sealed record WeightFormat(ScalarType Stored, ScalarType Computed, Device Device)
{
    /// <summary>The same, stored in float32.</summary>
    public WeightFormat Master => this with { Stored = ScalarType.Float32 };

    /// <summary>A weight of zeros: nothing is drawn that a checkpoint then overwrites.</summary>
    public Parameter Zeros(params ReadOnlySpan<long> shape) => new(zeros(shape, Stored, Device));

    /// <summary>A weight of ones.</summary>
    public Parameter Ones(long length) => new(ones([length], Stored, Device));
}

internal static class MasterWeights
{
    /// <summary>
    /// The weight in the type of the activations; of another type it is a cast copy, through which its gradient comes back in its own.
    /// </summary>
    public static Tensor In(this Parameter weight, ScalarType type) => weight.dtype == type ? weight : weight.to(type);
}
