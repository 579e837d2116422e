namespace TsVlm.Evaluation.Metrics;

/// <summary>
/// Area under the ROC curve: the probability that a case of the class is ranked above a case that is not, a tie counting one half.
/// </summary>
public static class RankingMetrics
{
    /// <summary>Area of one class against the rest; NaN unless there are cases of the class and others.</summary>
    public static double Auroc(PredictedCases cases, int c)
    {
        var numPositive = cases.Truth.Count(truth => truth == c);
        var numNegative = cases.NumCases - numPositive;
        if (numPositive == 0 || numNegative == 0) return double.NaN;

        var scores = cases.Probabilities.Select(row => row[c]).ToArray();
        var isPositive = cases.Truth.Select(truth => truth == c).ToArray();
        Array.Sort(scores, isPositive);

        // Mann-Whitney U in halves, which stays a whole number: twice the negatives below, plus the negatives level.
        var (halves, numBelow) = (0L, 0L);
        for (int start = 0, end; start < scores.Length; start = end)
        {
            var (positives, negatives) = (0, 0);
            for (end = start; end < scores.Length && scores[end] == scores[start]; end++)
                if (isPositive[end]) positives++;
                else negatives++;
            halves += positives * (2 * numBelow + negatives);
            numBelow += negatives;
        }
        return halves / (2.0 * numPositive * numNegative);
    }

    /// <summary>Unweighted mean of the areas that are defined (one against the rest); NaN where none is.</summary>
    public static double MacroAuroc(PredictedCases cases) =>
        Enumerable.Range(0, cases.NumClasses).Select(c => Auroc(cases, c)).Where(area => !double.IsNaN(area)).DefaultIfEmpty(double.NaN)
        .Average();
}
