using System.Collections.Concurrent;
using TsVlm.Baselines.Series;
using static TorchSharp.torch;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>
/// Checks once in a process that the gradient of a network's convolutions to their input is finite and the same each time. On an AMD Zen 5
/// with AVX-512, libtorch 2.10 gives random numbers or NaN for channel counts that are no multiple of 16, with batches of 16 series or
/// more.
/// It takes a few milliseconds.
/// </summary>
internal static class ConvolutionCheck
{
    // Shapes: B batch, C channels, F filters, K kernel length, T time steps.
    private const int NumSeries = 16;
    private const int NumSteps = 32;
    private static readonly ConcurrentDictionary<(int, int, int), bool> Passed = [];

    /// <summary>Checks every kind of convolution of a network but those of the series themselves, whose gradient is not needed.</summary>
    /// <exception cref="BaselineException">This processor computes one wrongly.</exception>
    public static void Require(InceptionShape shape)
    {
        IEnumerable<(int, int, int)> convolutions =
        [
            (shape.NumOutputs, shape.Bottleneck, 1),
            .. shape.KernelLengths.Select(length => (shape.Bottleneck, shape.NumFilters, length)),
        ];
        foreach (var (numChannels, numFilters, length) in convolutions)
        {
            if (Passed.ContainsKey((numChannels, numFilters, length))) continue;
            var (first, second) = (Gradient(numChannels, numFilters, length), Gradient(numChannels, numFilters, length));
            Require(first, second, numChannels, numFilters, length);
            Passed[(numChannels, numFilters, length)] = true;
        }
    }

    /// <summary>Compares the gradients of two equal computations.</summary>
    /// <exception cref="BaselineException">They differ, or hold a value that is not finite.</exception>
    internal static void Require(float[] first, float[] second, int numChannels, int numFilters, int length)
    {
        var problem = first.Concat(second).Any(value => !float.IsFinite(value)) ? "values that are not finite"
            : !first.AsSpan().SequenceEqual(second) ? "two different results of the same computation" : null;
        if (problem is null) return;
        throw new BaselineException(
            $"InceptionTime, convolution of {numChannels} channels to {numFilters} with a kernel of {length}: "
            + $"expected a finite gradient that is the same each time, found {problem}. "
            + "libtorch computes it wrongly on this processor: run on another machine, or leave the baseline inceptiontime out.");
    }

    /// <summary>Gradient (B * C * T) of the sum of squares of a convolution to its input.</summary>
    private static float[] Gradient(int numChannels, int numFilters, int length)
    {
        using var scope = NewDisposeScope();
        var random = new Random(0);
        var weight = GlorotUniform.Draw(random, numFilters, numChannels, length);                             // (F, C, K)
        var values = Enumerable.Range(0, NumSeries * numChannels * NumSteps).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var x = tensor(values, [NumSeries, numChannels, NumSteps], requires_grad: true);                      // (B, C, T)
        var padded = nn.functional.pad(x, [length - 1, 0]);                                                   // (B, C, T + K - 1)
        var y = nn.functional.conv1d(padded, weight);                                                         // (B, F, T)
        y.mul(y).sum().backward();
        return x.grad!.data<float>().ToArray();
    }
}
