namespace TsVlm.Representations.Text;

/// <summary>The dominant period of a channel, by its autocorrelation.</summary>
internal static class Periodicity
{
    // Beyond this lag the search would take longer than the sample is worth; longer periods are not reported.
    private const int LongestPeriod = 1024;
    private const double MinAutocorrelation = 0.3;

    /// <summary>
    /// Lag of the highest autocorrelation, after it first fell below 0, among lags up to half the series, of the series without its linear
    /// trend; null where no such lag reaches 0.3. The autocorrelation of a lag is averaged over the pairs there are, so long periods are
    /// not at a disadvantage; of lags within a twentieth of the best the shortest local maximum counts, so a multiple is not taken for the
    /// period.
    /// </summary>
    public static int? DominantPeriod(double[] values)
    {
        var correlations = Autocorrelations(values);
        var from = Array.FindIndex(correlations, correlation => correlation < 0);
        if (from < 0) return null;
        var best = correlations[from..].Max();
        if (best < MinAutocorrelation) return null;
        for (var lag = from + 1; lag < correlations.Length; lag++)
        {
            var isPeak = correlations[lag] >= correlations[lag - 1]
                && (lag + 1 == correlations.Length || correlations[lag] >= correlations[lag + 1]);
            if (isPeak && correlations[lag] >= best - (Math.Abs(best) / 20)) return lag;
        }
        return null;
    }

    private static double[] Autocorrelations(double[] values)
    {
        var line = FittedLine.Through(values);
        var residuals = values.Select((value, t) => value - line.At(t)).ToArray();
        var moments = Moments.Of(values);
        var variance = residuals.Sum(residual => residual * residual) / values.Length;
        // What is left of a straight line is rounding error, not a signal.
        if (variance <= 1e-18 * moments.Deviation * moments.Deviation) return [];
        var correlations = new double[Math.Min(values.Length / 2, LongestPeriod) + 1];
        for (var lag = 0; lag < correlations.Length; lag++)
        {
            var sum = 0.0;
            for (var t = lag; t < residuals.Length; t++) sum += residuals[t] * residuals[t - lag];
            correlations[lag] = sum / (residuals.Length - lag) / variance;
        }
        return correlations;
    }
}
