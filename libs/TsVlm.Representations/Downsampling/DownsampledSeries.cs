namespace TsVlm.Representations.Downsampling;

/// <summary>Points of a series with their time steps, which all channels share.</summary>
/// <param name="Times">Time steps of the points, strictly increasing, the first of them 0.</param>
/// <param name="Values">(channels, points), NaN where missing.</param>
/// <param name="Length">Time steps of the whole series.</param>
public sealed record DownsampledSeries(int[] Times, double[][] Values, int Length)
{
    /// <summary>Number of points.</summary>
    public int NumPoints => Times.Length;

    /// <summary>Number of channels.</summary>
    public int NumChannels => Values.Length;
}
