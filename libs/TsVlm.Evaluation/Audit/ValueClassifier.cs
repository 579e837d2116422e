namespace TsVlm.Evaluation.Audit;

/// <summary>
/// A class by one value: the most frequent class of the value's bin. Each value is a bin of its own where there are few, else bins hold
/// equally many cases.
/// </summary>
internal sealed class ValueClassifier
{
    private const int MaxBins = 32;

    private readonly double[] ends;   // last value of each bin
    private readonly int[] classes;

    private ValueClassifier(double[] ends, int[] classes) => (this.ends, this.classes) = (ends, classes);

    /// <summary>Fits on at least one case; of equally frequent classes the one that is more frequent over all counts.</summary>
    public static ValueClassifier Fit(IReadOnlyList<(double Value, int Class)> cases)
    {
        var overall = cases.CountBy(c => c.Class).ToDictionary();
        var sorted = cases.OrderBy(c => c.Value).ToList();
        double[] distinct = [.. sorted.Select(c => c.Value).Distinct()];
        double[] ends = distinct.Length <= MaxBins ? distinct
            : [.. Enumerable.Range(1, MaxBins).Select(b => sorted[(int)((long)b * sorted.Count / MaxBins) - 1].Value).Distinct()];
        var bins = sorted.ToLookup(c => Bin(ends, c.Value), c => c.Class);
        return new(ends, [.. ends.Select((_, bin) =>
            bins[bin].CountBy(c => c).OrderByDescending(c => c.Value).ThenByDescending(c => overall[c.Key]).ThenBy(c => c.Key)
            .First().Key)]);
    }

    /// <summary>The class of a value; beyond the ends that of the outermost bin.</summary>
    public int Predict(double value) => classes[Bin(ends, value)];

    private static int Bin(double[] ends, double value)
    {
        var place = Array.BinarySearch(ends, value);
        return Math.Min(place < 0 ? ~place : place, ends.Length - 1);
    }
}
