using static TorchSharp.torch;

namespace TsVlm.Pretraining;

/// <summary>
/// Hydra's features (Dempster, Schmidt and Webb 2023, arXiv 2203.13652): random kernels of nine weights compete in groups of eight. For each
/// kernel and dilation there are two features: the sum of its outputs over the time steps at which its output is the group's largest, and
/// the number of time steps at which it is the smallest; of both the square root, negative sums counting as 0. Series are padded with zeros.
/// </summary>
internal sealed class CompetingKernels : IDisposable
{
    private const int NumKernels = 8, KernelLength = 9;
    // A group's outputs over so many series stay in a processor's cache.
    private const int SeriesAtOnce = 4;

    private readonly int numGroups;
    private readonly Tensor kernels;   // (groups * 8, 1, 9)

    /// <summary>Draws kernels; the same seed gives the same.</summary>
    public CompetingKernels(int numGroups, int seed)
    {
        this.numGroups = numGroups;
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var drawn = randn([numGroups * NumKernels, 1, KernelLength], generator: generator);
        drawn.sub_(drawn.mean([2], keepdim: true));
        kernels = drawn.div_(drawn.abs().sum(2, keepdim: true)).DetachFromDisposeScope();
    }

    /// <summary>Features of series of one length: (N, T) -> (N, features).</summary>
    public Tensor Features(Tensor series)
    {
        using var scope = NewDisposeScope();
        var portions = new List<Tensor>();
        for (long from = 0; from < series.shape[0]; from += SeriesAtOnce)
            portions.Add(PortionFeatures(series.narrow(0, from, Math.Min(SeriesAtOnce, series.shape[0] - from))));
        return cat(portions).relu_().sqrt_().MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public void Dispose() => kernels.Dispose();

    private Tensor PortionFeatures(Tensor series)
    {
        using var scope = NewDisposeScope();
        var values = series.unsqueeze(1);                                                                          // (N, 1, T)
        var features = new List<Tensor>();
        for (var dilation = 1; dilation * (KernelLength - 1) < series.shape[1]; dilation *= 2)
        {
            var outputs = nn.functional.conv1d(values, kernels, padding: dilation * (KernelLength / 2), dilation: dilation)
                .view(series.shape[0], numGroups, NumKernels, -1);                                                 // (N, G, 8, T)
            var largest = outputs.amax([2], keepdim: true);                                                        // (N, G, 1, T)
            features.Add((outputs * outputs.eq(largest)).sum(3).flatten(1));
            features.Add(outputs.eq(outputs.amin([2], keepdim: true)).sum(3).flatten(1).to(ScalarType.Float32));
        }
        return cat(features, 1).MoveToOuterDisposeScope();
    }
}
