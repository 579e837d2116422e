using TsVlm.Data;

namespace TsVlm.Evaluation.Audit;

/// <summary>All pairs of cases that belong together.</summary>
/// <param name="Pairs">By kind, first and second case.</param>
/// <param name="Tolerance">Distance below which series count as nearly equal.</param>
/// <param name="IsComplete">False where there are more pairs than are listed.</param>
public sealed record PairSearch(IReadOnlyList<SeriesPair> Pairs, double Tolerance, bool IsComplete)
{
    /// <summary>Most pairs of a kind that are listed.</summary>
    public const int MaxPairs = 50_000;

    /// <summary>Searches all cases of a data set, whatever their split.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="seed">Seed of what is drawn.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="progress">Told what is looked for, and at which series.</param>
    public static PairSearch Of(Dataset dataset, int seed, CancellationToken cancellationToken, Action<string>? progress = null)
    {
        progress ??= _ => { };
        var tolerance = NearSearch.Tolerance(dataset, seed);
        var equal = Equal(dataset).Take(MaxPairs + 1).ToList();
        var isKnown = equal.Select(p => (p.First, p.Second)).ToHashSet();
        var near = NearSearch.Of(dataset, tolerance, cancellationToken, done => progress($"near copies, {done}"))
            .Where(p => !isKnown.Contains((p.First, p.Second))).ToList();
        var overlapping = OverlapSearch.Of(dataset, cancellationToken, done => progress($"overlaps, {done}"));
        List<SeriesPair> pairs = [.. equal, .. near, .. overlapping];
        var kinds = pairs.GroupBy(p => p.Kind).OrderBy(g => g.Key).Select(g => g.OrderBy(p => p.First).ThenBy(p => p.Second).ToList())
            .ToList();
        return new([.. kinds.SelectMany(k => k.Take(MaxPairs))], tolerance, kinds.All(k => k.Count <= MaxPairs));
    }

    private static IEnumerable<SeriesPair> Equal(Dataset dataset) =>
        from same in dataset.Cases.Index().GroupBy(c => c.Item.Series, c => c.Index, new SeriesEquality())
        let cases = same.ToList()
        from first in Enumerable.Range(0, cases.Count)
        from second in Enumerable.Range(first + 1, cases.Count - first - 1)
        select new SeriesPair(PairKind.Equal, cases[first], cases[second]);
}
