using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Training;

/// <summary>
/// A step of <see cref="AdamW"/> in one pass over memory, for float32 weights on the CPU: by tensor operations it is eight passes, and
/// memory is what limits it. No number depends on another, so the result does not depend on the number of threads.
/// </summary>
internal sealed class FusedAdamW(float gradientFactor)
{
    private const float Beta1 = (float)AdamW.Beta1;
    private const float Beta2 = (float)AdamW.Beta2;
    private const float NewShare1 = (float)(1 - AdamW.Beta1);
    private const float NewShare2 = (float)(1 - AdamW.Beta2);
    private const float Epsilon = (float)AdamW.Epsilon;
    private const int ChunkLength = 1 << 15;   // weights; four arrays of 128 KB fit the second-level cache

    private readonly List<Chunk> chunks = [];

    /// <summary>Takes on a parameter; false when it is none of those that can be done here.</summary>
    /// <param name="weight">The parameter.</param>
    /// <param name="gradient">Its gradient; lives until <see cref="Run"/> has returned.</param>
    /// <param name="moments">Its moments.</param>
    /// <param name="decay">What the weights are multiplied with.</param>
    /// <param name="stride">Minus the learning rate over the first moment's bias correction.</param>
    /// <param name="correction">Root of the second moment's bias correction.</param>
    public bool TryAdd(Tensor weight, Tensor gradient, AdamW.Moments moments, float decay, float stride, float correction)
    {
        Tensor[] tensors = [weight, gradient, moments.First, moments.Second];
        if (!tensors.All(IsPlain)) return false;
        var length = (int)weight.NumberOfElements;
        for (var begin = 0; begin < length; begin += ChunkLength)
            chunks.Add(new(tensors, begin, Math.Min(ChunkLength, length - begin), decay, stride, correction));
        return true;
    }

    /// <summary>Changes all parameters taken on, on as many threads as the tensor library has.</summary>
    public void Run() => Parallel.ForEach(chunks, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, Change);

    private static bool IsPlain(Tensor tensor) =>
        tensor.device_type is DeviceType.CPU && tensor.dtype is ScalarType.Float32 && tensor.is_contiguous()
        && tensor.NumberOfElements <= int.MaxValue / sizeof(float);

    private void Change(Chunk chunk)
    {
        Span<float> weights = chunk.Of(0), gradients = chunk.Of(1), firsts = chunk.Of(2), seconds = chunk.Of(3);
        var (decay, stride, correction) = (chunk.Decay, chunk.Stride, chunk.Correction);
        var i = 0;
        for (; i <= weights.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var gradient = new Vector<float>(gradients[i..]) * gradientFactor;
            var first = new Vector<float>(firsts[i..]) * Beta1 + gradient * NewShare1;
            var second = new Vector<float>(seconds[i..]) * Beta2 + gradient * gradient * NewShare2;
            var deviation = Vector.SquareRoot(second) / new Vector<float>(correction) + new Vector<float>(Epsilon);
            first.CopyTo(firsts[i..]);
            second.CopyTo(seconds[i..]);
            (new Vector<float>(weights[i..]) * decay + first / deviation * stride).CopyTo(weights[i..]);
        }
        for (; i < weights.Length; i++)
        {
            var gradient = gradients[i] * gradientFactor;
            firsts[i] = firsts[i] * Beta1 + gradient * NewShare1;
            seconds[i] = seconds[i] * Beta2 + gradient * gradient * NewShare2;
            weights[i] = weights[i] * decay + firsts[i] / (MathF.Sqrt(seconds[i]) / correction + Epsilon) * stride;
        }
    }

    /// <summary>A part of a parameter, its gradient and its moments.</summary>
    private sealed record Chunk(Tensor[] Tensors, int Begin, int Length, float Decay, float Stride, float Correction)
    {
        public Span<float> Of(int tensor) => MemoryMarshal.Cast<byte, float>(Tensors[tensor].bytes).Slice(Begin, Length);
    }
}
