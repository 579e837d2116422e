namespace TsVlm.Evaluation.Statistics;

/// <summary>Holm's step-down correction (1979): keeps the chance of any false finding among several tests below the level.</summary>
public static class HolmCorrection
{
    /// <summary>
    /// Adjusted P of each test (tests), to be held against the level itself: the largest of (m - i + 1) p(i) so far, at most 1.
    /// </summary>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        var adjusted = new double[pValues.Count];
        var largest = 0.0;
        foreach (var (place, test) in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).Index())
        {
            largest = Math.Max(largest, Math.Min(1, (pValues.Count - place) * pValues[test]));
            adjusted[test] = largest;
        }
        return adjusted;
    }
}
