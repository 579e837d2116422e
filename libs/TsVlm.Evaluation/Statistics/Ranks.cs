namespace TsVlm.Evaluation.Statistics;

/// <summary>Ranks, ties sharing the mean of the places they take (Demšar 2006, section 3.2.2).</summary>
public static class Ranks
{
    /// <summary>Rank of each value (values), the smallest having rank 1; equal values tie.</summary>
    public static double[] Ascending(IReadOnlyList<double> values) => Ascending(values, (a, b) => a == b);

    /// <summary>Rank of each score (scores), the highest having rank 1, as accuracies are ranked; see <see cref="Ties"/>.</summary>
    public static double[] Descending(IReadOnlyList<double> scores) =>
        Ascending([.. scores.Select(s => -s)], (a, b) => Ties.Compare(a, b) == 0);

    private static double[] Ascending(IReadOnlyList<double> values, Func<double, double, bool> areEqual)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToList();
        var ranks = new double[values.Count];
        for (int start = 0, end; start < order.Count; start = end)
        {
            for (end = start + 1; end < order.Count && areEqual(values[order[end]], values[order[start]]);) end++;
            for (var i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2.0;
        }
        return ranks;
    }

    /// <summary>Sizes of the groups of equal values, those of one included.</summary>
    public static IEnumerable<int> TieSizes(IEnumerable<double> values) => values.CountBy(value => value).Select(group => group.Value);
}
