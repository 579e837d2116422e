using static TorchSharp.torch;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>
/// A residual connection (section 3.1, figure 1): the input of a run of modules, brought to the width of their output and added to it.
/// </summary>
internal sealed class Shortcut : nn.Module<Tensor, Tensor, Tensor>
{
    // Shapes: B batch, C input channels, O output channels, T time steps.
    private readonly SameConvolution projection;
    private readonly ChannelNormalisation normalisation;

    public Shortcut(int numInputs, int numOutputs, Random random) : base(nameof(Shortcut))
    {
        projection = new(numInputs, numOutputs, 1, random);
        normalisation = new(numOutputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor from, Tensor to)                                                    // (B, C, T), (B, O, T)
    {
        using var scope = NewDisposeScope();
        var sum = normalisation.forward(projection.forward(from)).add(to, HeldNumbers.One);                   // (B, O, T)
        return nn.functional.relu(sum).MoveToOuterDisposeScope();
    }
}
