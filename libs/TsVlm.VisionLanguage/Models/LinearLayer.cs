using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage;

/// <summary>
/// y = x W^T + b, (.., In) -> (.., Out). Unlike <c>nn.Linear</c> it starts at zero: a 7B model is made without drawing
/// 7 billion numbers from the global generator that a checkpoint then overwrites.
/// </summary>
internal sealed class LinearLayer : Module<Tensor, Tensor>
{
    private readonly Parameter weight;   // (Out, In)
    private readonly Parameter? bias;    // (Out)

    public LinearLayer(long inputs, long outputs, bool hasBias) : base(nameof(LinearLayer))
    {
        weight = new Parameter(zeros(outputs, inputs));
        if (hasBias) bias = new Parameter(zeros(outputs));
        RegisterComponents();
    }

    public Parameter Weight => weight;

    public override Tensor forward(Tensor x) => functional.linear(x, weight, bias);
}
