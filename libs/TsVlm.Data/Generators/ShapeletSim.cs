namespace TsVlm.Data.Generators;

/// <summary>
/// ShapeletSim: standard normal noise of 500 time steps with one short shape of 29 at a random place; the shape is the class (J. Hills, J.
/// Lines, E. Baranauskas, J. Mapp and A. Bagnall, "Classification of time series by shapelet transformation", Data Mining and Knowledge
/// Discovery 2014).
/// Both shapes span -2 to 2, as in the authors' simulator; the two chosen here are a triangle and a step.
/// </summary>
internal static class ShapeletSim
{
    private const int Length = 500;
    private const int ShapeLength = 29;
    private const double Base = -2;
    private const double Height = 4;

    /// <summary>The generator.</summary>
    public static SeriesGenerator Generator { get; } = new(
        "ShapeletSim", ["triangle", "step"], "Hills et al. 2014", (label, random) => new TimeSeries([Draw(label, random)]));

    private static double[] Draw(int label, Random random)
    {
        var start = random.Next(Length - ShapeLength + 1);
        var values = random.Noise(Length);
        for (var t = 0; t < ShapeLength; t++) values[start + t] += Base + Height * (label == 0 ? Triangle(t) : Step(t));
        return values;
    }

    private static double Triangle(int t) => 1 - Math.Abs(t - ShapeLength / 2) / (double)(ShapeLength / 2);

    private static double Step(int t) => t < ShapeLength / 2 ? 0 : 1;
}
