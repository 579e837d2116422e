using TsVlm.Baselines.InceptionTime;

namespace TsVlm.Baselines.Tests.InceptionTime;

/// <summary>
/// The trained network's forward pass written down a second time, on arrays and in double precision, from the paper's metrics and Keras'
/// documentation: the reference that the tensors are held to. Weights are taken in the order in which the network registers them.
/// </summary>
internal sealed class PlainInception(InceptionShape shape, IReadOnlyList<(string Name, long[] Shape, float[] Values)> weights)
{
    private const double Epsilon = 1e-3;

    /// <summary>Logits (classes) of one series (channels, time steps).</summary>
    public double[] Logits(double[][] series)
    {
        var (x, from) = (series, series);
        for (var depth = 0; depth < shape.Depth; depth++)
        {
            x = Module($"inception.{depth}", x);
            if (depth % 3 != 2) continue;
            var passed = Normalise($"shortcuts.{depth / 3}.normalisation", Same($"shortcuts.{depth / 3}.projection.weight", from));
            x = [.. passed.Zip(x, (a, b) => a.Zip(b, (left, right) => Math.Max(0, left + right)).ToArray())];
            from = x;
        }
        var (matrix, bias) = (Weights("weight"), Weights("bias").Values);
        return [.. bias.Select((b, k) => b + x.Select((channel, o) => channel.Average() * matrix.Values[k * x.Length + o]).Sum())];
    }

    /// <summary>Convolution (filters, time steps) of a series, one value after the other.</summary>
    public static double[][] Same((long[] Shape, float[] Values) weight, double[][] x)
    {
        var (numFilters, numChannels, length) = ((int)weight.Shape[0], (int)weight.Shape[1], (int)weight.Shape[2]);
        var before = (length - 1) / 2;
        return [.. Enumerable.Range(0, numFilters).Select(f => Enumerable.Range(0, x[0].Length).Select(t =>
        {
            var sum = 0.0;
            for (var c = 0; c < numChannels; c++)
            {
                for (var k = 0; k < length; k++)
                {
                    var at = t + k - before;
                    if (at >= 0 && at < x[0].Length) sum += weight.Values[(f * numChannels + c) * length + k] * x[c][at];
                }
            }
            return sum;
        }).ToArray())];
    }

    private double[][] Module(string name, double[][] x)
    {
        var seen = weights.Any(w => w.Name == $"{name}.bottleneck.weight") ? Same($"{name}.bottleneck.weight", x) : x;
        var pooled = x.Select(channel => channel.Select((_, t) => channel[Math.Max(0, t - 1)..Math.Min(channel.Length, t + 2)].Max())
            .ToArray()).ToArray();
        var branches = shape.KernelLengths.SelectMany((_, i) => Same($"{name}.convolutions.{i}.weight", seen))
            .Concat(Same($"{name}.pooled.weight", pooled));
        return [.. Normalise($"{name}.normalisation", [.. branches])
            .Select(channel => Array.ConvertAll(channel, value => Math.Max(0, value)))];
    }

    private double[][] Normalise(string name, double[][] x)
    {
        var (scale, shift) = (Weights($"{name}.weight").Values, Weights($"{name}.bias").Values);
        var (mean, variance) = (Weights($"{name}.runningMean").Values, Weights($"{name}.runningVariance").Values);
        return [.. x.Select((channel, c) =>
            Array.ConvertAll(channel, value => (value - mean[c]) / Math.Sqrt(variance[c] + Epsilon) * scale[c] + shift[c]))];
    }

    private double[][] Same(string name, double[][] x) => Same(Weights(name), x);

    private (long[] Shape, float[] Values) Weights(string name) =>
        weights.Where(w => w.Name == name).Select(w => (w.Shape, w.Values)).Single();
}
