using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// y = x W^T + b, (.., In) -> (.., Out). Unlike <c>nn.Linear</c> it starts at zero: a 7B model is made without drawing
/// 7 billion numbers from the global generator that a checkpoint then overwrites. It computes in the type of x, whatever the weight's is.
/// </summary>
internal sealed class LinearLayer : Module<Tensor, Tensor>
{
    private readonly Parameter weight;   // (Out, In)
    private readonly Parameter? bias;    // (Out)

    public LinearLayer(long inputs, long outputs, bool hasBias, WeightFormat format) : base(nameof(LinearLayer))
    {
        weight = format.Zeros(outputs, inputs);
        if (hasBias) bias = format.Zeros(outputs);
        RegisterComponents();
    }

    public Parameter Weight => weight;

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return functional.linear(x, weight.In(x.dtype), bias?.In(x.dtype)).MoveToOuterDisposeScope();
    }
}
