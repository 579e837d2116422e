using static TorchSharp.torch;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>
/// Starting weights as Keras draws them (Glorot &amp; Bengio 2010, formula 16), from a generator of one's own, so that nothing else moves
/// them.
/// </summary>
internal static class GlorotUniform
{
    /// <summary>Weights, uniform between plus and minus sqrt(6 / (fan in + fan out)).</summary>
    /// <param name="random">Where they are drawn from.</param>
    /// <param name="numOutputs">Size of the first dimension.</param>
    /// <param name="numInputs">Size of the second.</param>
    /// <param name="receptive">Size of the third, which counts in both fans; null for weights of two dimensions.</param>
    public static Tensor Draw(Random random, int numOutputs, int numInputs, int? receptive = null)
    {
        var length = receptive ?? 1;
        var limit = Math.Sqrt(6.0 / ((double)length * (numInputs + numOutputs)));
        var values = new float[numOutputs * numInputs * length];
        for (var i = 0; i < values.Length; i++) values[i] = (float)(limit * (2 * random.NextDouble() - 1));
        return tensor(values, receptive is null ? [numOutputs, numInputs] : [numOutputs, numInputs, length]);
    }
}
