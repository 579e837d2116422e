namespace TsVlm.Representations.Images;

/// <summary>
/// Recurrence plots (Eckmann, Kamphorst and Ruelle, "Recurrence Plots of Dynamical Systems", Europhysics Letters 1987) of the values
/// themselves, without embedding. The radius is one for all steps, as in Marwan et al., "Recurrence plots for the analysis of complex
/// systems", Physics Reports 2007, section 3.1, not one for each step as in the first paper; without a radius it is the unthresholded
/// recurrence plot (Iwanski and Bradley, "Recurrence plots of experimental data: To embed or not to embed?", Chaos 1998).
/// </summary>
internal static class RecurrencePlot
{
    /// <summary>The radius, as a share of the range of the training values: amplitude stays information.</summary>
    public const double RadiusShare = 0.1;

    /// <summary>Distance of each two steps' values.</summary>
    public static double[,] Distances(double[] values)
    {
        var distances = new double[values.Length, values.Length];
        for (var i = 0; i < values.Length; i++)
            for (var j = 0; j < values.Length; j++) distances[i, j] = Math.Abs(values[i] - values[j]);
        return distances;
    }

    /// <summary>1 where two steps' values are within the radius of each other, the radius included; else 0.</summary>
    public static double[,] Recurrences(double[] values, double radius)
    {
        var field = Distances(values);
        for (var i = 0; i < values.Length; i++)
            for (var j = 0; j < values.Length; j++) field[i, j] = field[i, j] <= radius ? 1 : 0;
        return field;
    }
}
