namespace TsVlm.Baselines.MiniRocket;

/// <summary>The fixed kernels of MiniRocket (section 3.1.1): length 9, weight 2 at three places and -1 at the other six.</summary>
internal static class Kernels
{
    /// <summary>Weights of one kernel.</summary>
    public const int Length = 9;

    private const double GoldenRatio = 1.6180339887498949;

    /// <summary>The places of the three weights 2, for each of the 84 kernels, in lexicographic order.</summary>
    public static IReadOnlyList<(int First, int Second, int Third)> Places { get; } =
    [
        .. from first in Enumerable.Range(0, Length)
           from second in Enumerable.Range(first + 1, Length - first - 1)
           from third in Enumerable.Range(second + 1, Length - second - 1)
           select (first, second, third),
    ];

    /// <summary>
    /// Quantile of the convolution output that becomes the bias of a feature, by its number from 0: a low-discrepancy sequence (section
    /// 3.1.3).
    /// </summary>
    public static float Quantile(int feature) => (float)((feature + 1) * GoldenRatio % 1);
}
