namespace TsVlm.Data.Generators;

/// <summary>
/// Cylinder-Bell-Funnel: noise with an event that is flat, rises slowly and falls at once, or rises at once and falls slowly
/// (N. Saito, "Local feature extraction and its applications using a library of bases", PhD thesis, Yale 1994, section 3.5).
/// </summary>
internal static class CylinderBellFunnel
{
    private const int Length = 128;

    /// <summary>The generator.</summary>
    public static SeriesGenerator Generator { get; } = new(
        "CBF", ["cylinder", "bell", "funnel"], "Saito 1994", (label, random) => new TimeSeries([Draw(label, random)]));

    // x(t) = (6 + eta) * shape(t) on [a, b] + eps(t), t = 1..128; a uniform in 16..32, b - a uniform in 32..96; eta, eps standard normal.
    private static double[] Draw(int label, Random random)
    {
        var a = random.Next(16, 33);
        var b = a + random.Next(32, 97);
        var amplitude = 6 + random.Normal();
        var values = random.Noise(Length);
        for (var t = a; t <= Math.Min(b, Length); t++)
        {
            values[t - 1] += amplitude * label switch
            {
                0 => 1,
                1 => (double)(t - a) / (b - a),
                _ => (double)(b - t) / (b - a),
            };
        }
        return values;
    }
}
