namespace TsVlm.Evaluation.Metrics;

/// <summary>What is reached by answering only where the confidence, the highest probability, is at least so high.</summary>
/// <param name="Confidence">Least confidence that is answered.</param>
/// <param name="Coverage">Share of the cases that are then answered.</param>
/// <param name="Accuracy">Share of these that are right.</param>
public sealed record AbstentionPoint(double Confidence, double Coverage, double Accuracy);

/// <summary>
/// Accuracy where the least confident cases are left unanswered (El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective
/// Classification").
/// </summary>
public static class Abstention
{
    /// <summary>Most points of a curve.</summary>
    public const int MaxPoints = 101;

    /// <summary>
    /// The curve by rising coverage, up to every case answered. Cases of one confidence are answered together, so a method that is always
    /// sure has one point.
    /// Of more than <see cref="MaxPoints"/> points some are left out, evenly by coverage.
    /// </summary>
    public static IReadOnlyList<AbstentionPoint> Curve(PredictedCases cases)
    {
        var (points, answered, right) = (new List<AbstentionPoint>(), 0, 0);
        foreach (var group in ByConfidence(cases))
        {
            answered += group.Count;
            right += group.NumRight;
            points.Add(new(group.Confidence, (double)answered / cases.NumCases, (double)right / answered));
        }
        if (points.Count <= MaxPoints) return points;
        var kept = Enumerable.Range(0, MaxPoints).Select(i => points.FindIndex(p => p.Coverage >= (double)i / (MaxPoints - 1)));
        return [.. kept.Distinct().Select(i => points[i])];
    }

    /// <summary>
    /// Area under the risk-coverage curve: the error rate of the k most confident cases, averaged over k (Geifman et al. 2019, arXiv
    /// 1805.08206, section 2); within cases of one confidence errors are counted as spread evenly. 0 is best; a method that is equally sure
    /// of every case has its error rate.
    /// </summary>
    public static double Aurc(PredictedCases cases)
    {
        var (sum, answered, wrong) = (0.0, 0, 0.0);
        foreach (var group in ByConfidence(cases))
        {
            for (var i = 0; i < group.Count; i++)
            {
                answered++;
                wrong += 1 - ((double)group.NumRight / group.Count);
                sum += wrong / answered;
            }
        }
        return sum / cases.NumCases;
    }

    private static IEnumerable<(double Confidence, int Count, int NumRight)> ByConfidence(PredictedCases cases) =>
        Enumerable.Range(0, cases.NumCases)
        .GroupBy(i => cases.Probabilities[i].Max()).OrderByDescending(group => group.Key)
        .Select(group => (group.Key, group.Count(), group.Count(i => cases.Predicted[i] == cases.Truth[i])));
}
