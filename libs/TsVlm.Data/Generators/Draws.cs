namespace TsVlm.Data.Generators;

/// <summary>Draws from the distributions that the generators' definitions name.</summary>
internal static class Draws
{
    /// <summary>A standard normal number (Box and Muller 1958).</summary>
    public static double Normal(this Random random)
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        return radius * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    /// <summary>Uniform between the two.</summary>
    public static double Uniform(this Random random, double from, double to) => from + (to - from) * random.NextDouble();

    /// <summary>Independent standard normal numbers.</summary>
    public static double[] Noise(this Random random, int length)
    {
        var values = new double[length];
        for (var t = 0; t < length; t++) values[t] = random.Normal();
        return values;
    }
}
