using TsVlm.Baselines.Linear;
using TsVlm.Baselines.MiniRocket;
using TsVlm.Data;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Audit;

/// <summary>
/// A classifier two-sample test (Lopez-Paz and Oquab 2017): whether MiniRocket and ridge regression, cross-validated, tell test series from
/// training series. The area under the ROC curve is 0.5 where they cannot.
/// </summary>
/// <param name="Area">Probability that a test series is taken for one rather than a training series is.</param>
/// <param name="PValue">P of so large an area by Mann and Whitney's test, one-sided, ties corrected for.</param>
/// <param name="NumFirst">Training series used.</param>
/// <param name="NumSecond">Test series used.</param>
public sealed record ClassifierTwoSampleTest(double Area, double PValue, int NumFirst, int NumSecond)
{
    /// <summary>Fewest series of each part.</summary>
    public const int MinCases = 10;

    /// <summary>Most series of each part, drawn at random.</summary>
    public const int MaxCases = 300;

    /// <summary>Parts of the cross-validation.</summary>
    public const int NumFolds = 5;

    /// <summary>Most values of all series together; more would take minutes.</summary>
    private const long MaxValues = 2_000_000;

    /// <summary>The test; null where a part is too small.</summary>
    public static ClassifierTwoSampleTest? Of(IReadOnlyList<TimeSeries> first, IReadOnlyList<TimeSeries> second, int seed,
        CancellationToken cancellationToken)
    {
        if (first.Count < MinCases || second.Count < MinCases) return null;
        var random = new Random(seed);
        var longest = (long)first.Concat(second).Max(s => s.Length * s.NumChannels);
        var max = (int)Math.Clamp(MaxValues / (2 * longest), MinCases, MaxCases);
        List<(TimeSeries Series, int Part, int Fold)> cases = [.. Drawn(first, 0), .. Drawn(second, 1)];
        // Fitted without the parts' names, so it is the same for every fold.
        List<TimeSeries> series = [.. cases.Select(c => c.Series)];
        var features = MiniRocketTransform.Fit(series, seed, 1, cancellationToken).Transform(series, 1, cancellationToken);
        var scores = new double[cases.Count];
        for (var fold = 0; fold < NumFolds; fold++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (kept, held) = (Places(c => c.Fold != fold), Places(c => c.Fold == fold));
            var ridge = RidgeClassifier.Fit([.. kept.Select(i => features[i])], [.. kept.Select(i => cases[i].Part)], 2,
                cancellationToken: cancellationToken);
            foreach (var (place,
                decision) in held.Zip(ridge.Decide([.. held.Select(i => features[i])]))) scores[place] = decision[1] - decision[0];
        }
        return Of(scores, [.. cases.Select(c => c.Part)]);

        IEnumerable<(TimeSeries, int, int)> Drawn(IReadOnlyList<TimeSeries> part, int number)
        {
            TimeSeries[] order = [.. part];
            random.Shuffle(order);
            return order.Take(max).Select((s, i) => (s, number, i % NumFolds)).ToList();
        }

        List<int> Places(Func<(TimeSeries Series, int Part, int Fold), bool> isIn) =>
            [.. cases.Index().Where(c => isIn(c.Item)).Select(c => c.Index)];
    }

    private static ClassifierTwoSampleTest Of(double[] scores, int[] parts)
    {
        var (ranks, second) = (Ranks.Ascending(scores), parts.Count(p => p == 1));
        var (n, m, all) = ((double)(parts.Length - second), (double)second, (double)parts.Length);
        var wins = ranks.Where((_, i) => parts[i] == 1).Sum() - (m * (m + 1) / 2);
        var ties = Ranks.TieSizes(scores).Sum(t => Math.Pow(t, 3) - t);
        var deviation = Math.Sqrt(n * m / 12 * (all + 1 - (ties / (all * (all - 1)))));
        return new(wins / (n * m), deviation == 0 ? 1 : Distributions.NormalTail((wins - (n * m / 2)) / deviation), (int)n, second);
    }
}
