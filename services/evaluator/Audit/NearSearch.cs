using TsVlm.Data;

namespace TsVlm.Evaluator;

/// <summary>
/// Pairs of series of one shape (channels, time steps) whose z-normalised values are nearly equal, as they are, upside down or backwards. Every pair below the
/// tolerance is found; a pivot and the triangle inequality spare most of the others.
/// </summary>
internal static class NearSearch
{
    /// <summary>Largest distance of a near pair whatever the data: a correlation of 0.9998, since the squared distance is 2 (1 - r).</summary>
    public const double MaxTolerance = 0.02;

    /// <summary>Share of the data's own distances that a near pair stays below, so that classes of smooth, alike series are no duplicates.</summary>
    public const double RelativeTolerance = 0.05;

    private const int NumSampledPairs = 2000;

    /// <summary>
    /// The smaller of <see cref="MaxTolerance"/> and <see cref="RelativeTolerance"/> times the median distance of two series of one class and shape,
    /// over pairs drawn at random.
    /// </summary>
    public static double Tolerance(Dataset dataset, int seed)
    {
        var alike = dataset.Cases.Index().GroupBy(c => (c.Item.Label, c.Item.Series.NumChannels, c.Item.Series.Length), c => c.Item.Series).Select(g => g.ToList())
            .Where(g => g.Count > 1).ToList();
        if (alike.Count == 0) return MaxTolerance;
        var (random, distances) = (new Random(seed), new List<double>());
        for (var draw = 0; draw < NumSampledPairs; draw++)
        {
            var group = alike[draw % alike.Count];
            var (i, j) = (random.Next(group.Count), random.Next(group.Count - 1));
            if (j >= i) j++;
            if (ZNormalised.Of(group[i]) is { } first && ZNormalised.Of(group[j]) is { } second) distances.Add(ZNormalised.Distance(first, second));
        }
        distances.Sort();
        return distances.Count == 0 ? MaxTolerance : Math.Min(MaxTolerance, RelativeTolerance * distances[distances.Count / 2]);
    }

    /// <summary>The pairs, of each kind at most one more than <see cref="PairSearch.MaxPairs"/>.</summary>
    public static IEnumerable<SeriesPair> Of(Dataset dataset, double tolerance, CancellationToken cancellationToken)
    {
        var shapes = dataset.Cases.Index().GroupBy(c => (c.Item.Series.NumChannels, c.Item.Series.Length));
        var found = new List<SeriesPair>();
        foreach (var shape in shapes)
        {
            var cases = shape.Select(c => (c.Index, Values: ZNormalised.Of(c.Item.Series)!)).Where(c => c.Values is not null).ToList();
            if (cases.Count < 2) continue;
            found.AddRange(Pairs(PairKind.Near, cases, v => v, tolerance, cancellationToken));
            found.AddRange(Pairs(PairKind.Mirrored, cases, ZNormalised.Mirrored, tolerance, cancellationToken));
            if (shape.Key.Length > 1) found.AddRange(Pairs(PairKind.Reversed, cases, v => ZNormalised.Reversed(v, shape.Key.Length), tolerance, cancellationToken));
        }
        return found.GroupBy(p => p.Kind).SelectMany(kind => kind.Take(PairSearch.MaxPairs + 1));
    }

    private static IEnumerable<SeriesPair> Pairs(
        PairKind kind, List<(int Index, double[] Values)> cases, Func<double[], double[]> change, double tolerance, CancellationToken cancellationToken)
    {
        var pivot = cases[0].Values;
        var changed = cases.Select(c => (c.Index, Values: change(c.Values))).Select(c => (c.Index, c.Values, ToPivot: ZNormalised.Distance(pivot, c.Values)))
            .OrderBy(c => c.ToPivot).ToList();
        double[] keys = [.. changed.Select(c => c.ToPivot)];
        var count = 0;
        foreach (var (index, values) in cases)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // |d(pivot, x) - d(pivot, y)| is at most d(x, y); a little room for rounding.
            var (toPivot, reach) = (ZNormalised.Distance(pivot, values), (tolerance * 1.0001) + 1e-9);
            var next = Array.BinarySearch(keys, toPivot - reach);
            for (next = next < 0 ? ~next : First(keys, next); next < keys.Length && keys[next] <= toPivot + reach; next++)
            {
                // Each of the changes undoes itself, so a pair is found from both sides.
                if (changed[next].Index <= index || ZNormalised.Distance(values, changed[next].Values, tolerance) is var distance && distance >= tolerance) continue;
                yield return new SeriesPair(kind, index, changed[next].Index, distance);
                if (++count > PairSearch.MaxPairs) yield break;
            }
        }
    }

    private static int First(double[] keys, int place)
    {
        while (place > 0 && keys[place - 1] == keys[place]) place--;
        return place;
    }
}
