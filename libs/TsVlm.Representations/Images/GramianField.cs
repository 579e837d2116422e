namespace TsVlm.Representations.Images;

/// <summary>
/// Gramian angular fields (Wang and Oates, "Imaging Time-Series to Improve Classification and Imputation", IJCAI 2015, section 2.1): a
/// series is scaled by its own smallest and largest value to -1..1 (equation 1), so amplitude and offset are lost, and each value is an
/// angle, its arc cosine (equation 3). A constant is 0 throughout.
/// </summary>
internal static class GramianField
{
    /// <summary>Cosines of the sum of each two steps' angles, from -1 to 1 (the paper's GASF).</summary>
    public static double[,] Summation(double[] values) => Of(values, (x, y, sinX, sinY) => (x * y) - (sinX * sinY));

    /// <summary>Sines of the row's angle minus the column's, from -1 to 1 (the paper's GADF).</summary>
    public static double[,] Difference(double[] values) => Of(values, (x, y, sinX, sinY) => (sinX * y) - (x * sinY));

    private static double[,] Of(double[] values, Func<double, double, double, double, double> product)
    {
        var cosines = Scaled(values);
        var sines = Array.ConvertAll(cosines, cosine => Math.Sqrt(1 - (cosine * cosine)));
        var field = new double[values.Length, values.Length];
        for (var i = 0; i < values.Length; i++)
            for (var j = 0; j < values.Length; j++) field[i, j] = product(cosines[i], cosines[j], sines[i], sines[j]);
        return field;
    }

    private static double[] Scaled(double[] values)
    {
        var (low, high) = (values.Min(), values.Max());
        return low == high ? new double[values.Length]
            : Array.ConvertAll(values, value => Math.Clamp((value - high + (value - low)) / (high - low), -1, 1));
    }
}
