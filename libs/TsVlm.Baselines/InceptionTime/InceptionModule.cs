using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>
/// An Inception module (section 3.1, figure 2): three long convolutions of a bottleneck and one of the pooled input, side by side.
/// </summary>
internal sealed class InceptionModule : nn.Module<Tensor, Tensor>
{
    // Shapes: B batch, C input channels, N bottleneck, F filters, O = F * (kernels + 1) output channels, T time steps.
    private readonly SameConvolution? bottleneck;
    private readonly ModuleList<SameConvolution> convolutions;
    private readonly SameConvolution pooled;
    private readonly ChannelNormalisation normalisation;

    public InceptionModule(int numInputs, InceptionShape shape, Random random) : base(nameof(InceptionModule))
    {
        // The authors' code leaves the bottleneck out where there is one channel to begin with.
        if (numInputs > 1) bottleneck = new(numInputs, shape.Bottleneck, 1, random);
        var numSeen = numInputs > 1 ? shape.Bottleneck : numInputs;
        convolutions = new([.. shape.KernelLengths.Select(length => new SameConvolution(numSeen, shape.NumFilters, length, random))]);
        pooled = new(numInputs, shape.NumFilters, 1, random);
        normalisation = new(shape.NumOutputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)                                                                  // (B, C, T)
    {
        using var scope = NewDisposeScope();
        var seen = bottleneck is null ? x : bottleneck.forward(x);                                            // (B, N, T)
        var neighbours = F.max_pool1d(x, 3, stride: 1, padding: 1);                                           // (B, C, T)
        Tensor[] branches = [.. convolutions.Select(convolution => convolution.forward(seen)), pooled.forward(neighbours)];
        return F.relu(normalisation.forward(cat(branches, 1))).MoveToOuterDisposeScope();                     // (B, O, T)
    }
}
