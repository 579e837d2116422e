using TsVlm.Data;

namespace TsVlm.Evaluation.Audit;

/// <summary>
/// Pairs of series of one shape (channels, time steps) whose z-normalised values are nearly equal. Every pair below the tolerance is
/// found; a pivot and the triangle inequality spare most of the others.
/// </summary>
public static class NearSearch
{
    /// <summary>
    /// Largest distance of a near pair whatever the data: a correlation of 0.9998, since the squared distance is 2 (1 - r).
    /// </summary>
    public const double MaxTolerance = 0.02;

    /// <summary>
    /// Share of the data's own distances that a near pair stays below, so that classes of smooth, alike series are no duplicates.
    /// </summary>
    public const double RelativeTolerance = 0.05;

    private const int NumSampledPairs = 2000;

    /// <summary>
    /// The smaller of <see cref="MaxTolerance"/> and <see cref="RelativeTolerance"/> times the median distance of two series of one class
    /// and shape, over pairs drawn at random.
    /// </summary>
    public static double Tolerance(Dataset dataset, int seed)
    {
        var alike = dataset.Cases.Index().GroupBy(c => (c.Item.Label, c.Item.Series.NumChannels, c.Item.Series.Length), c => c.Item.Series)
            .Select(g => g.ToList())
            .Where(g => g.Count > 1).ToList();
        if (alike.Count == 0) return MaxTolerance;
        var (random, distances) = (new Random(seed), new List<double>());
        for (var draw = 0; draw < NumSampledPairs; draw++)
        {
            var group = alike[draw % alike.Count];
            var (i, j) = (random.Next(group.Count), random.Next(group.Count - 1));
            if (j >= i) j++;
            if (ZNormalised.Of(group[i]) is { } first && ZNormalised.Of(group[j]) is { } second)
                distances.Add(ZNormalised.Distance(first, second));
        }
        distances.Sort();
        return distances.Count == 0 ? MaxTolerance : Math.Min(MaxTolerance, RelativeTolerance * distances[distances.Count / 2]);
    }

    /// <summary>The pairs, at most one more than <see cref="PairSearch.MaxPairs"/>.</summary>
    public static IEnumerable<SeriesPair> Of(Dataset dataset, double tolerance, CancellationToken cancellationToken,
        Action<string>? progress = null) =>
        dataset.Cases.Index().GroupBy(c => (c.Item.Series.NumChannels, c.Item.Series.Length))
            .SelectMany(shape =>
                Pairs([.. shape.Select(c => (c.Index, Values: ZNormalised.Of(c.Item.Series)!)).Where(c => c.Values is not null)], tolerance,
                    progress, cancellationToken))
            .Take(PairSearch.MaxPairs + 1);

    private static IEnumerable<SeriesPair> Pairs(List<(int Index, double[] Values)> cases, double tolerance,
        Action<string>? progress, CancellationToken cancellationToken)
    {
        if (cases.Count < 2) yield break;
        var pivot = cases[0].Values;
        var sorted = cases.Select(c => (c.Index, c.Values, ToPivot: ZNormalised.Distance(pivot, c.Values))).OrderBy(c => c.ToPivot)
            .ToList();
        // |d(pivot, x) - d(pivot, y)| is at most d(x, y); a little room for rounding.
        var reach = (tolerance * 1.0001) + 1e-9;
        for (var i = 0; i < sorted.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke($"series {i + 1} of {sorted.Count}");
            for (var j = i + 1; j < sorted.Count && sorted[j].ToPivot <= sorted[i].ToPivot + reach; j++)
            {
                var (one, other) = (sorted[i], sorted[j]);
                var distance = ZNormalised.Distance(one.Values, other.Values, tolerance);
                if (distance < tolerance)
                    yield return new SeriesPair(PairKind.Near, Math.Min(one.Index, other.Index), Math.Max(one.Index, other.Index),
                        distance);
            }
        }
    }
}
