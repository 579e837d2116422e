using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>
/// Adam (Kingma &amp; Ba 2015) in the form of its section 2 that Keras has: the bias corrections are in the rate, and epsilon, 1e-7, is
/// added to the uncorrected root. One pass over memory on float32 weights in main memory; the gradients are 0 afterwards, ready for the
/// next step.
/// </summary>
internal sealed class KerasAdam(IEnumerable<Parameter> parameters)
{
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;
    private const float Epsilon = 1e-7f;

    private readonly (Parameter Weight, float[] First, float[] Second)[] state =
        [.. parameters.Select(p => (p, new float[p.NumberOfElements], new float[p.NumberOfElements]))];
    private int numSteps;

    /// <summary>Changes the weights by their gradients.</summary>
    /// <param name="learningRate">Rate of this step.</param>
    public void Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        numSteps++;
        var rate = (float)(learningRate * Math.Sqrt(1 - Math.Pow(0.999, numSteps)) / (1 - Math.Pow(0.9, numSteps)));
        foreach (var (weight, first, second) in state)
        {
            if (weight.grad is not { } gradient) continue;
            if (!gradient.is_contiguous()) throw new InvalidOperationException("Expected gradients laid out as their weights are.");
            Change(MemoryMarshal.Cast<byte, float>(weight.bytes), MemoryMarshal.Cast<byte, float>(gradient.bytes), first, second, rate);
        }
    }

    private static void Change(Span<float> weights, Span<float> gradients, Span<float> firsts, Span<float> seconds, float rate)
    {
        var i = 0;
        for (; i <= weights.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var gradient = new Vector<float>(gradients[i..]);
            var first = new Vector<float>(firsts[i..]) * Beta1 + gradient * (1 - Beta1);
            var second = new Vector<float>(seconds[i..]) * Beta2 + gradient * gradient * (1 - Beta2);
            first.CopyTo(firsts[i..]);
            second.CopyTo(seconds[i..]);
            (new Vector<float>(weights[i..]) - first * rate
                / (Vector.SquareRoot(second) + new Vector<float>(Epsilon))).CopyTo(weights[i..]);
        }
        for (; i < weights.Length; i++)
        {
            firsts[i] = firsts[i] * Beta1 + gradients[i] * (1 - Beta1);
            seconds[i] = seconds[i] * Beta2 + gradients[i] * gradients[i] * (1 - Beta2);
            weights[i] -= firsts[i] * rate / (MathF.Sqrt(seconds[i]) + Epsilon);
        }
        gradients.Clear();
    }
}
