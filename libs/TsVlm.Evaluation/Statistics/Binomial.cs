namespace TsVlm.Evaluation.Statistics;

/// <summary>How sure an accuracy is, given the number of test cases it was measured on.</summary>
public static class Binomial
{
    private const double Z = 1.959964;  // 97.5% point of the normal distribution

    /// <summary>Standard error of a share p over n cases: sqrt(p(1-p)/n).</summary>
    public static double StandardError(double share, int count) => Math.Sqrt(share * (1 - share) / count);

    /// <summary>The 95% interval of Wilson (1927); unlike p ± 2 SE it stays within 0 and 1 and has width at p = 0 and 1.</summary>
    public static (double Lower, double Upper) WilsonInterval(double share, int count)
    {
        var denominator = 1 + (Z * Z / count);
        var centre = (share + (Z * Z / (2 * count))) / denominator;
        var half = Z / denominator * Math.Sqrt((share * (1 - share) / count) + (Z * Z / (4.0 * count * count)));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>
    /// The difference of two accuracies that chance alone exceeds in one of twenty cases, after Agresti and Caffo (2000):
    /// one right and one wrong case are added to each, so that it does not vanish at 0 and 1.
    /// </summary>
    public static double Noise(double shareA, int countA, double shareB, int countB) =>
        Z * Math.Sqrt(AddedVariance(shareA, countA) + AddedVariance(shareB, countB));

    private static double AddedVariance(double share, int count)
    {
        var added = ((share * count) + 1) / (count + 2);
        return added * (1 - added) / (count + 2);
    }
}
