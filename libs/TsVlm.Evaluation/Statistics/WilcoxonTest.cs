namespace TsVlm.Evaluation.Statistics;

/// <summary>
/// Wilcoxon's signed-rank test of two classifiers on the same data sets, two-sided. Data sets on which both are level are set aside before
/// ranking, which is Wilcoxon's own way and what aeon's <c>wilcoxon_test</c> does (<c>zero_method="wilcox"</c>; aeon tests one side).
/// </summary>
/// <param name="Wins">Data sets on which the first is better.</param>
/// <param name="Draws">Data sets on which both are level.</param>
/// <param name="Losses">Data sets on which the second is better.</param>
/// <param name="RankSum">Sum of the ranks of the differences in favour of the first; ranks by size, ties sharing their mean rank.</param>
/// <param name="PValue">P of ranks as one-sided or more where both are equally good; 1 where they are level everywhere.</param>
/// <param name="IsExact">
/// Whether P was counted over all signs, ties included, instead of taken from the normal approximation with correction for ties.
/// </param>
public sealed record WilcoxonTest(int Wins, int Draws, int Losses, double RankSum, double PValue, bool IsExact)
{
    /// <summary>Most data sets with a difference for which P is counted exactly; scipy's limit.</summary>
    public const int MaxExact = 50;

    /// <summary>Tests the scores of two classifiers, higher being better (data sets each).</summary>
    /// <exception cref="ArgumentException">Lists of different length.</exception>
    public static WilcoxonTest Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
            throw new ArgumentException($"Expected scores on the same data sets, found {first.Count} and {second.Count}.", nameof(second));
        // Equal sizes must compare as equal, so that they share a rank: 0.9 - 0.8 and 0.8 - 0.7 differ by 1e-16.
        var differences = first.Zip(second, (a, b) => Math.Round((a - b) / Ties.Tolerance)).ToList();
        var unequal = differences.Where(d => d != 0).ToList();
        var (wins, losses) = (unequal.Count(d => d > 0), unequal.Count(d => d < 0));
        var draws = differences.Count - unequal.Count;
        if (unequal.Count == 0) return new(wins, draws, losses, 0, 1, true);
        var ranks = Ranks.Ascending([.. unequal.Select(Math.Abs)]);
        var sum = ranks.Where((_, i) => unequal[i] > 0).Sum();
        var isExact = unequal.Count <= MaxExact;
        return new(wins, draws, losses, sum, isExact ? Exact(ranks, sum) : Approximate(ranks, sum), isExact);
    }

    /// <summary>The least P that so many data sets with a difference allow, all being in favour of one: 2 / 2^n.</summary>
    public static double LeastPValue(int differences) => differences == 0 ? 1 : Math.Pow(2, 1 - differences);

    /// <summary>Counts over all 2^n signs; twice the ranks are whole numbers, also where ranks are shared.</summary>
    private static double Exact(double[] ranks, double sum)
    {
        int[] twice = [.. ranks.Select(r => (int)Math.Round(2 * r))];
        var total = twice.Sum();
        var share = new double[total + 1];   // share[s]: probability that twice the rank sum is s
        share[0] = 1;
        var reached = 0;
        foreach (var rank in twice)
        {
            reached += rank;
            for (var s = reached; s >= 0; s--) share[s] = 0.5 * (share[s] + (s >= rank ? share[s - rank] : 0));
        }
        var smaller = (int)Math.Round(Math.Min(2 * sum, total - (2 * sum)));
        return Math.Min(1, 2 * share.Take(smaller + 1).Sum());
    }

    private static double Approximate(double[] ranks, double sum)
    {
        double n = ranks.Length;
        var ties = Ranks.TieSizes(ranks).Sum(t => Math.Pow(t, 3) - t);
        var variance = (n * (n + 1) * ((2 * n) + 1) / 24) - (ties / 48);
        return Math.Min(1, 2 * Distributions.NormalTail(Math.Abs(sum - (n * (n + 1) / 4)) / Math.Sqrt(variance)));
    }
}
