namespace TsVlm.Representations.Text;

/// <summary>Least-squares line through the present values of a channel; flat where fewer than two are present.</summary>
/// <param name="Start">Value of the line at the first time step.</param>
/// <param name="Slope">Rise for each time step.</param>
/// <param name="Change">Rise from the first to the last time step.</param>
internal readonly record struct FittedLine(double Start, double Slope, double Change)
{
    public static FittedLine Through(ReadOnlySpan<double> values)
    {
        var (count, meanTime, meanValue, products, squares) = (0, 0.0, 0.0, 0.0, 0.0);
        for (var t = 0; t < values.Length; t++)
        {
            if (double.IsNaN(values[t])) continue;
            count++;
            var timeBefore = t - meanTime;
            meanTime += timeBefore / count;
            meanValue += (values[t] - meanValue) / count;
            products += timeBefore * (values[t] - meanValue);
            squares += timeBefore * (t - meanTime);
        }
        var slope = squares > 0 ? products / squares : 0;
        return new FittedLine(meanValue - (slope * meanTime), slope, slope * (values.Length - 1));
    }

    public double At(int time) => Start + (Slope * time);
}
