using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>Batch normalisation of each channel with Keras' numbers: epsilon 0.001, and running statistics that keep 99 % a step.</summary>
internal sealed class ChannelNormalisation : nn.Module<Tensor, Tensor>
{
    // Shapes: B batch, C channels, T time steps.
    private const double Epsilon = 1e-3;
    private const double NewShare = 0.01;

    private readonly Parameter weight, bias;
    private readonly Tensor runningMean, runningVariance;

    public ChannelNormalisation(int numChannels) : base(nameof(ChannelNormalisation))
    {
        weight = new Parameter(ones(numChannels));
        bias = new Parameter(zeros(numChannels));
        runningMean = zeros(numChannels);
        runningVariance = ones(numChannels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)                                                                  // (B, C, T)
    {
        // One value has no variance: then the running statistics serve.
        var byBatch = training && x.shape[0] * x.shape[2] > 1;
        return nn.functional.batch_norm(x, runningMean, runningVariance, weight, bias, byBatch, NewShare, Epsilon);
    }
}
