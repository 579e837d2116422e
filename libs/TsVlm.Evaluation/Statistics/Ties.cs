namespace TsVlm.Evaluation.Statistics;

/// <summary>
/// When two accuracies count as equal. Means over seeds and resamples that differ do so by at least 1 / (test cases * runs), far above the
/// tolerance; floating-point arithmetic leaves about 1e-16 of equal ones, depending on the order of the runs.
/// </summary>
public static class Ties
{
    /// <summary>Differences up to this are none: less than one prediction in a thousand million.</summary>
    public const double Tolerance = 1e-9;

    /// <summary>1 where the first is larger, -1 where the second is, 0 where they count as equal.</summary>
    public static int Compare(double first, double second) => Math.Abs(first - second) <= Tolerance ? 0 : first.CompareTo(second);
}
