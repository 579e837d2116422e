namespace TsVlm.Evaluation.Statistics;

/// <summary>Whether two samples have the same shares of classes: Pearson's chi-square of homogeneity.</summary>
/// <param name="ChiSquare">Pearson's statistic.</param>
/// <param name="PValue">P of so large a statistic where both have the same shares.</param>
/// <param name="TotalVariation">
/// Half the sum of the absolute differences of the shares, 0 to 1: the share of cases that would have to change class.
/// </param>
/// <param name="IsPermuted">
/// Whether P was counted over random exchanges between the samples, since a class was expected fewer than five times.
/// </param>
public sealed record HomogeneityTest(double ChiSquare, double PValue, double TotalVariation, bool IsPermuted)
{
    private const double MinExpected = 5;   // Cochran 1954
    private const int NumPermutations = 1999;

    /// <summary>Tests the classes of the cases of two samples of at least one case each.</summary>
    /// <param name="first">Class of each case of the first sample, from 0.</param>
    /// <param name="second">Class of each case of the second sample.</param>
    /// <param name="seed">Seed of the exchanges, where P is counted over them.</param>
    /// <exception cref="ArgumentException">An empty sample.</exception>
    public static HomogeneityTest Of(IReadOnlyList<int> first, IReadOnlyList<int> second, int seed)
    {
        var (n, m) = (first.Count, second.Count);
        if (n == 0 || m == 0) throw new ArgumentException($"Expected at least one case in each sample, found {n} and {m}.", nameof(second));
        int[] cases = [.. first, .. second];
        var totals = Counts(cases, cases.Max() + 1);
        var inFirst = Counts(first, totals.Length);
        var variation = totals.Select((total, c) => Math.Abs(((double)inFirst[c] / n) - ((double)(total - inFirst[c]) / m))).Sum() / 2;
        var statistic = Statistic(inFirst, totals, n, m);
        var degrees = totals.Count(t => t > 0) - 1;
        if (degrees == 0) return new(0, 1, 0, false);
        if (totals.All(t => t == 0 || (double)t * Math.Min(n, m) / (n + m) >= MinExpected))
            return new(statistic, Distributions.ChiSquareTail(statistic, degrees), variation, false);
        var test = PermutationTest.Of(cases, exchanged => Statistic(Counts(exchanged.Take(n), totals.Length), totals, n, m),
            NumPermutations, seed);
        return new(statistic, test.PValue, variation, true);
    }

    /// <summary>Cases of each class (classes).</summary>
    public static int[] Counts(IEnumerable<int> cases, int numClasses)
    {
        var counts = new int[numClasses];
        foreach (var c in cases) counts[c]++;
        return counts;
    }

    private static double Statistic(int[] first, int[] totals, int n, int m)
    {
        var sum = 0.0;
        for (var c = 0; c < totals.Length; c++)
        {
            if (totals[c] == 0) continue;
            var expected = (double)totals[c] * n / (n + m);
            // Both samples' terms at once: the second differs by the same number from what is expected of it.
            sum += (first[c] - expected) * (first[c] - expected) * (n + m) / (expected * m);
        }
        return sum;
    }
}
