namespace TsVlm.Evaluation.Statistics;

/// <summary>Friedman's test that all classifiers have the same rank on average (Demšar 2006, section 3.2.2).</summary>
/// <param name="MeanRanks">Mean rank of each classifier over the data sets (classifiers).</param>
/// <param name="PlainChiSquare">Friedman's statistic as Demšar writes it, without regard to ties.</param>
/// <param name="ChiSquare">
/// The same divided by the correction for ties, as scipy and aeon compute it; NaN where all classifiers are level on every data set.
/// </param>
/// <param name="PValue">
/// P of so large a statistic where all are equal: chi-square with classifiers - 1 degrees of freedom; 1 where all are level.
/// </param>
/// <param name="F">Iman and Davenport's statistic, of the corrected one; infinity where the order is the same on every data set.</param>
/// <param name="FPValue">Its P: F with classifiers - 1 and (classifiers - 1)(data sets - 1) degrees of freedom.</param>
public sealed record FriedmanTest(
    IReadOnlyList<double> MeanRanks, double PlainChiSquare, double ChiSquare, double PValue, double F, double FPValue)
{
    /// <summary>Tests ranks (data sets, classifiers).</summary>
    /// <exception cref="ArgumentException">Fewer than two data sets or three classifiers.</exception>
    public static FriedmanTest Of(IReadOnlyList<IReadOnlyList<double>> ranks)
    {
        var (sets, classifiers) = (ranks.Count, ranks.Count == 0 ? 0 : ranks[0].Count);
        if (sets < 2 || classifiers < 3)
            throw new ArgumentException($"Expected ranks of at least 3 classifiers on at least 2 data sets, found {classifiers} on {sets}.",
                nameof(ranks));
        double[] means = [.. Enumerable.Range(0, classifiers).Select(c => ranks.Average(row => row[c]))];
        var plain = 12.0 * sets / (classifiers * (classifiers + 1))
            * (means.Sum(m => m * m) - (classifiers * Math.Pow(classifiers + 1, 2) / 4));
        var ties = ranks.Sum(row => Ranks.TieSizes(row).Sum(t => Math.Pow(t, 3) - t));
        var correction = 1 - (ties / (sets * (Math.Pow(classifiers, 3) - classifiers)));
        if (correction < 1e-12) return new(means, plain, double.NaN, 1, double.NaN, 1);
        var chiSquare = Math.Max(0, plain / correction);
        var f = ImanDavenport(chiSquare, sets, classifiers);
        return new(means, plain, chiSquare, Distributions.ChiSquareTail(chiSquare, classifiers - 1), f,
            Distributions.FTail(f, classifiers - 1, (classifiers - 1) * (sets - 1)));
    }

    /// <summary>F = (N - 1) chi2 / (N (k - 1) - chi2), less conservative than chi-square (Iman and Davenport 1980).</summary>
    public static double ImanDavenport(double chiSquare, int sets, int classifiers)
    {
        var rest = (sets * (classifiers - 1)) - chiSquare;
        return rest < 1e-9 ? double.PositiveInfinity : (sets - 1) * chiSquare / rest;
    }
}
