using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>Layer norm (Ba et al. 2016) over the last dimension, (.., D) -> (.., D), in the type of x; libtorch sums in float32.</summary>
internal sealed class LayerNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight;   // (D)
    private readonly Parameter bias;     // (D)
    private readonly double epsilon;

    public LayerNorm(long width, double epsilon, WeightFormat format) : base(nameof(LayerNorm))
    {
        weight = format.Ones(width);
        bias = format.Zeros(width);
        this.epsilon = epsilon;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return functional.layer_norm(x, weight.shape, weight.In(x.dtype), bias.In(x.dtype), epsilon).MoveToOuterDisposeScope();
    }
}
