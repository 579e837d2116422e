namespace TsVlm.Data.Generators;

/// <summary>
/// Control charts of a process: normal, cyclic, with a trend or with a shift (R. J. Alcock and Y. Manolopoulos,
/// "Time-series similarity queries employing a feature-based approach", 7th Hellenic Conference on Informatics 1999).
/// </summary>
internal static class SyntheticControl
{
    private const int Length = 60;
    private const double Mean = 30;
    private const double Deviation = 2;

    /// <summary>The generator.</summary>
    public static SeriesGenerator Generator { get; } = new(
        "SyntheticControl", ["normal", "cyclic", "increasing", "decreasing", "upward shift", "downward shift"],
        "Alcock and Manolopoulos 1999", (label, random) => new TimeSeries([Draw(label, random)]));

    // y(t) = m + r s + term(t), t = 1..60, m = 30, s = 2, r uniform in [-3, 3].
    private static double[] Draw(int label, Random random)
    {
        var term = Term(label, random);
        var values = new double[Length];
        for (var t = 1; t <= Length; t++) values[t - 1] = Mean + Deviation * random.Uniform(-3, 3) + term(t);
        return values;
    }

    private static Func<int, double> Term(int label, Random random)
    {
        switch (label)
        {
            case 0:
                return _ => 0;
            case 1:
                var (amplitude, period) = (random.Uniform(10, 15), random.Uniform(10, 15));
                return t => amplitude * Math.Sin(2 * Math.PI * t / period);
            case 2 or 3:
                var gradient = random.Uniform(0.2, 0.5) * (label == 2 ? 1 : -1);
                return t => gradient * t;
            default:
                var shift = random.Uniform(7.5, 20) * (label == 4 ? 1 : -1);
                var start = random.Uniform(Length / 3.0, 2 * Length / 3.0);
                return t => t >= start ? shift : 0;
        }
    }
}
