using System.Numerics;
using System.Runtime.InteropServices;

namespace TsVlm.Baselines.MiniRocket;

/// <summary>
/// Convolves one series with the kernels at one dilation, zeros beyond both ends. All kernels share the sum with weights -1 and differ in
/// the three places that get 3 more (section 3.2.2). Owns its buffers: one instance a thread.
/// </summary>
internal sealed class DilatedConvolution
{
    private const int HalfKernel = Kernels.Length / 2;

    // By channel: -1 times the sum over the kernel (time steps), and 3 times the series with HalfKernel dilations of zeros on each side.
    private float[][] allMinusOne = [], tripled = [];
    private float[] output = [];
    private int length, dilation;

    /// <summary>Makes ready for the kernels at one dilation.</summary>
    /// <param name="series">Values (channels, time steps).</param>
    /// <param name="dilation">Time steps between two weights, at least 1.</param>
    public void Prepare(float[][] series, int dilation)
    {
        length = series[0].Length;
        this.dilation = dilation;
        var padding = HalfKernel * dilation;
        if (allMinusOne.Length < series.Length) (allMinusOne, tripled) = (NoBuffers(series.Length), NoBuffers(series.Length));
        if (output.Length < length) output = new float[length];
        for (var channel = 0; channel < series.Length; channel++)
        {
            if (allMinusOne[channel].Length < length) allMinusOne[channel] = new float[length];
            if (tripled[channel].Length < length + 2 * padding) tripled[channel] = new float[length + 2 * padding];
            var padded = tripled[channel].AsSpan(0, length + 2 * padding);
            padded.Clear();
            series[channel].CopyTo(padded[padding..]);

            // Middle first, then from left to right, so that rounding is as in the published code.
            var sum = allMinusOne[channel].AsSpan(0, length);
            sum.Clear();
            Subtract(sum, padded.Slice(padding, length));
            for (var place = 0; place < Kernels.Length; place++)
            {
                if (place != HalfKernel) Subtract(sum, padded.Slice(place * dilation, length));
            }
            Triple(padded.Slice(padding, length));
        }
    }

    /// <summary>Output (time steps) of one kernel, summed over channels; valid until the next call.</summary>
    /// <param name="places">Places of the weights 2.</param>
    /// <param name="channels">The channels it looks at.</param>
    public ReadOnlySpan<float> Apply((int First, int Second, int Third) places, int[] channels)
    {
        var result = output.AsSpan(0, length);
        for (var i = 0; i < channels.Length; i++)
        {
            var values = tripled[channels[i]];
            Add(result, allMinusOne[channels[i]].AsSpan(0, length), values.AsSpan(places.First * dilation, length),
                values.AsSpan(places.Second * dilation, length), values.AsSpan(places.Third * dilation, length), isFirst: i == 0);
        }
        return result;
    }

    private static float[][] NoBuffers(int count) => [.. Enumerable.Repeat(Array.Empty<float>(), count)];

    private static void Subtract(Span<float> sum, ReadOnlySpan<float> values)
    {
        var sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        for (var i = 0; i < sums.Length; i++) sums[i] -= new Vector<float>(values[(i * Vector<float>.Count)..]);
        for (var t = sums.Length * Vector<float>.Count; t < sum.Length; t++) sum[t] -= values[t];
    }

    private static void Triple(Span<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (ref var vector in vectors) vector = vector + vector + vector;
        foreach (ref var value in values[(vectors.Length * Vector<float>.Count)..]) value = value + value + value;
    }

    private static void Add(
        Span<float> result, ReadOnlySpan<float> minusOne, ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> third,
        bool isFirst)
    {
        var results = MemoryMarshal.Cast<float, Vector<float>>(result);
        for (var i = 0; i < results.Length; i++)
        {
            var at = i * Vector<float>.Count;
            var value = new Vector<float>(minusOne[at..]) + new Vector<float>(first[at..]) + new Vector<float>(second[at..])
                + new Vector<float>(third[at..]);
            results[i] = isFirst ? value : results[i] + value;
        }
        for (var t = results.Length * Vector<float>.Count; t < result.Length; t++)
        {
            var value = minusOne[t] + first[t] + second[t] + third[t];
            result[t] = isFirst ? value : result[t] + value;
        }
    }
}
