using TsVlm.Data;

namespace TsVlm.Baselines.Tests.MiniRocket;

/// <summary>The transform as the paper words it: whole kernels, one sum a time step, one bias at a time. Slow.</summary>
internal static class PlainMiniRocket
{
    /// <summary>Convolution output (time steps) with zeros beyond the ends, summed over channels.</summary>
    public static double[] Convolve(TimeSeries series, IEnumerable<int> channels, int[] weights, int dilation) =>
    [
        .. Enumerable.Range(0, series.Length).Select(t => channels.Sum(channel => Enumerable.Range(0, 9).Sum(j =>
        {
            var at = t + (j - 4) * dilation;
            return at < 0 || at >= series.Length ? 0 : weights[j] * series.Channel(channel)[at];
        }))),
    ];

    /// <summary>All features of a series of one channel where one training series of the same length gives every bias.</summary>
    public static IEnumerable<float> Transform(TimeSeries training, TimeSeries series,
        IEnumerable<(int Dilation, int NumFeatures)> dilations)
    {
        var numDone = 0;
        foreach (var (number, (dilation, numFeatures)) in dilations.Index())
        {
            foreach (var (kernel, weights) in Kernels().Index())
            {
                var sorted = Convolve(training, [0], weights, dilation).Order().ToArray();
                var output = Convolve(series, [0], weights, dilation);
                if ((number + kernel) % 2 == 1) output = output[(4 * dilation)..^(4 * dilation)];
                for (var i = 0; i < numFeatures; i++)
                {
                    var rank = (double)(float)(++numDone * ((1 + Math.Sqrt(5)) / 2) % 1) * (sorted.Length - 1);
                    var (below, share) = ((int)Math.Floor(rank), rank - Math.Floor(rank));
                    var bias = (float)(sorted[below] * (1 - share) + sorted[below + 1] * share);
                    yield return (float)output.Count(value => value > bias) / output.Length;
                }
            }
        }
    }

    /// <summary>The kernels: every way to place three 2s among six -1s, the earliest places first.</summary>
    public static IReadOnlyList<int[]> Kernels() =>
    [
        .. Enumerable.Range(0, 512).Where(bits => int.PopCount(bits) == 3)
            .Select(bits => Enumerable.Range(0, 9).Select(j => (bits >> (8 - j) & 1) == 1 ? 2 : -1).ToArray())
            .OrderByDescending(kernel => string.Concat(kernel.Select(weight => weight == 2 ? '1' : '0')), StringComparer.Ordinal),
    ];
}
