namespace TsVlm.Data.Generators;

/// <summary>
/// A multivariate set of our own in the spirit of wearable motion data: three accelerometer axes (forward, sideways, upward) of an arm.
/// Every axis is the same slow swing, cut out where the motion starts, so phases vary little; the class is which axis runs a quarter period
/// ahead of which, and no single axis tells all classes apart:
/// <list type="table">
/// <item><term>left turn</term><description>sideways leads forward; upward follows forward</description></item>
/// <item><term>right turn</term><description>sideways lags forward; upward follows forward</description></item>
/// <item><term>lift</term><description>upward leads forward; sideways follows forward</description></item>
/// <item><term>push down</term><description>upward lags forward; sideways follows forward</description></item>
/// </list>
/// Amplitude, period and phase vary from case to case, and each axis has noise of its own.
/// </summary>
internal static class ArmMotions
{
    private const int Length = 100;
    private const double NoiseDeviation = 0.15;
    private const double QuarterPeriod = Math.PI / 2;
    private const double LargestPhase = 0.5;

    /// <summary>The generator.</summary>
    public static SeriesGenerator Generator { get; } = new(
        "ArmMotions", ["left turn", "right turn", "lift", "push down"], "TsVlm", (label, random) => new TimeSeries(Draw(label, random)));

    private static double[][] Draw(int label, Random random)
    {
        var phase = random.Uniform(-LargestPhase, LargestPhase);
        var period = random.Uniform(25, 50);
        var (sideways, upward) = label switch
        {
            0 => (QuarterPeriod, 0.0),
            1 => (-QuarterPeriod, 0.0),
            2 => (0.0, QuarterPeriod),
            _ => (0.0, -QuarterPeriod),
        };
        return [Axis(phase, period, random), Axis(phase + sideways, period, random), Axis(phase + upward, period, random)];
    }

    private static double[] Axis(double phase, double period, Random random)
    {
        var amplitude = random.Uniform(0.8, 1.2);
        var values = new double[Length];
        for (var t = 0; t < Length; t++)
            values[t] = amplitude * Math.Sin(2 * Math.PI * t / period + phase) + NoiseDeviation * random.Normal();
        return values;
    }
}
