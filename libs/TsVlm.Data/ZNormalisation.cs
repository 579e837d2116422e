namespace TsVlm.Data;

/// <summary>z-normalisation of one channel of one series: minus its mean, over its population standard deviation.</summary>
public static class ZNormalisation
{
    /// <summary>Share of the largest magnitude up to which a deviation is rounding error of a constant.</summary>
    public const double RelativeRounding = 1e-13;

    /// <summary>The values (time steps) with mean 0 and deviation 1; a constant becomes 0, up to rounding error.</summary>
    /// <param name="values">Finite values (time steps), at least one.</param>
    public static double[] Of(double[] values)
    {
        var centred = Centred(values);
        // Scaled first: squares of the smallest and largest values would leave the range of a double.
        var largest = centred.Max(Math.Abs);
        if (largest == 0) return centred;
        var deviation = Math.Sqrt(centred.Average(value => value / largest * (value / largest))) * largest;
        if (deviation <= RelativeRounding * values.Max(Math.Abs)) return new double[values.Length];
        return Array.ConvertAll(centred, value => value / deviation);
    }

    /// <summary>The values (time steps) minus their mean; exactly 0 for a constant.</summary>
    public static double[] Centred(double[] values)
    {
        if (values.Min() == values.Max()) return new double[values.Length];
        var mean = values.Average();
        return Array.ConvertAll(values, value => value - mean);
    }
}
