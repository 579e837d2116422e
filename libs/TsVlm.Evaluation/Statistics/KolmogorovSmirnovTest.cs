namespace TsVlm.Evaluation.Statistics;

/// <summary>The two-sample test of Kolmogorov and Smirnov, two-sided.</summary>
/// <param name="Distance">Largest difference of the two empirical distribution functions, 0 to 1: the effect size.</param>
/// <param name="PValue">
/// P of so large a distance where both samples come from one distribution; too large rather than too small where values are tied.
/// </param>
public sealed record KolmogorovSmirnovTest(double Distance, double PValue)
{
    // Above this product of sizes the limit distribution is as good as the count of paths.
    private const long MaxPaths = 1_000_000;

    /// <summary>Tests two samples of at least one value each.</summary>
    /// <exception cref="ArgumentException">An empty sample.</exception>
    public static KolmogorovSmirnovTest Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count == 0 || second.Count == 0)
            throw new ArgumentException($"Expected at least one value in each sample, found {first.Count} and {second.Count}.",
                nameof(second));
        var steps = LargestDifference([.. first.Order()], [.. second.Order()]);   // in units of 1 / (n m), so that it is a whole number
        var paths = (long)first.Count * second.Count;
        var distance = (double)steps / paths;
        return new(distance, paths <= MaxPaths ? Exact(steps, first.Count, second.Count) : Limit(distance, first.Count, second.Count));
    }

    private static long LargestDifference(double[] first, double[] second)
    {
        long largest = 0;
        for (int i = 0, j = 0; i < first.Length && j < second.Length;)
        {
            var value = Math.Min(first[i], second[j]);
            while (i < first.Length && first[i] <= value) i++;
            while (j < second.Length && second[j] <= value) j++;
            largest = Math.Max(largest, Math.Abs(((long)i * second.Length) - ((long)j * first.Length)));
        }
        return largest;
    }

    /// <summary>
    /// 1 minus the share of all orders of the n + m values whose distance is always smaller (Hodges 1958, section 3), counted as paths
    /// through a grid.
    /// </summary>
    private static double Exact(long steps, int n, int m)
    {
        // share[j]: of all ways to (i, j), those that stayed below; a way goes to (i, j) from (i - 1, j) with weight i / (i + j).
        var share = new double[m + 1];
        for (var i = 0; i <= n; i++)
        {
            for (var j = 0; j <= m; j++)
            {
                var isInside = Math.Abs(((long)i * m) - ((long)j * n)) < steps;
                if (i == 0 && j == 0) share[j] = isInside ? 1 : 0;
                else share[j] = isInside ? ((i == 0 ? 0 : i * share[j]) + (j == 0 ? 0 : j * share[j - 1])) / (i + j) : 0;
            }
        }
        return Math.Clamp(1 - share[m], 0, 1);
    }

    /// <summary>
    /// Kolmogorov's limit with Stephens' (1970) correction for the sizes, as in Press et al., Numerical Recipes (2007), section 14.3.3.
    /// </summary>
    private static double Limit(double distance, int n, int m)
    {
        var root = Math.Sqrt((double)n * m / (n + m));
        var lambda = (root + 0.12 + (0.11 / root)) * distance;
        if (lambda < 0.3) return 1;   // the sum below then differs from 1 by less than 1e-5, and converges slowly
        var sum = 0.0;
        for (var k = 1; k <= 100; k++) sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2 * k * k * lambda * lambda);
        return Math.Clamp(sum, 0, 1);
    }
}
