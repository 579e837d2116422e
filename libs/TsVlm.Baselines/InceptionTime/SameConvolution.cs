using TorchSharp.Modules;
using TsVlm.Baselines.Series;
using static TorchSharp.torch;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>
/// A convolution over time without bias whose output is as long as its input. A kernel of even length sees one step more to the right than
/// to the left, as Keras pads: (K - 1) / 2 zeros before the series, rounded down, and the rest of K - 1 after it.
/// </summary>
internal sealed class SameConvolution : nn.Module<Tensor, Tensor>
{
    // Shapes: B batch, C channels, F filters, K kernel length, T time steps.
    private readonly Parameter weight;
    private readonly long[] padding;

    public SameConvolution(int numInputs, int numFilters, int length, Random random) : base(nameof(SameConvolution))
    {
        Nnpack.Disable();
        weight = new Parameter(GlorotUniform.Draw(random, numFilters, numInputs, length));                    // (F, C, K)
        var before = (length - 1) / 2;
        padding = [before, length - 1 - before];
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)                                                                  // (B, C, T)
    {
        using var scope = NewDisposeScope();
        var padded = weight.shape[2] == 1 ? x : nn.functional.pad(x, padding);                                // (B, C, T + K - 1)
        return nn.functional.conv1d(padded, weight).MoveToOuterDisposeScope();                                // (B, F, T)
    }
}
