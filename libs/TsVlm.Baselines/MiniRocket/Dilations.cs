namespace TsVlm.Baselines.MiniRocket;

/// <summary>A dilation and how many features each kernel gets with it.</summary>
internal readonly record struct DilationShare(int Dilation, int NumFeatures);

/// <summary>The dilations of MiniRocket (section 3.1.2): spread exponentially, the largest kernel at most as wide as the series.</summary>
internal static class Dilations
{
    /// <summary>Features of one kernel over all dilations: about 10,000 over 84 kernels.</summary>
    public const int NumFeaturesPerKernel = 10_000 / 84;

    private const int MaxPerKernel = 32;

    /// <summary>
    /// Distinct dilations in rising order for series of this length; lengths below that of a kernel count as 9, so have dilation 1 alone.
    /// </summary>
    public static IReadOnlyList<DilationShare> Of(int seriesLength)
    {
        var largestExponent = Math.Log2((Math.Max(seriesLength, Kernels.Length) - 1) / (Kernels.Length - 1.0));
        var step = largestExponent / (MaxPerKernel - 1);
        var shares = Enumerable.Range(0, MaxPerKernel)
            .Select(i => (int)Math.Pow(2, i == MaxPerKernel - 1 ? largestExponent : i * step))
            .CountBy(dilation => dilation)
            .Select(pair => new DilationShare(pair.Key, pair.Value * NumFeaturesPerKernel / MaxPerKernel))
            .ToArray();
        // Rounding down loses some; the smallest dilations get them, one each, as often as needed.
        var numLost = NumFeaturesPerKernel - shares.Sum(share => share.NumFeatures);
        for (var i = 0; i < numLost; i++)
            shares[i % shares.Length] = shares[i % shares.Length] with { NumFeatures = shares[i % shares.Length].NumFeatures + 1 };
        return shares;
    }
}
