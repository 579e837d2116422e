using System.Numerics;

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

    /// <summary>P(X &lt;= successes) of so many tosses of a fair coin.</summary>
    public static double LowerTail(int successes, int tosses)
    {
        var (term, sum) = (BigInteger.One, BigInteger.One);
        for (var k = 1; k <= successes; k++) sum += term = term * (tosses - k + 1) / k;
        // Whole numbers of more than a thousand digits leave the range of a double; 64 bits of them are enough.
        var shift = Math.Max(0, (int)sum.GetBitLength() - 64);
        return Math.ScaleB((double)(sum >> shift), shift - tosses);
    }
}
