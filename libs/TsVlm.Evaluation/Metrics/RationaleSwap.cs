namespace TsVlm.Evaluation.Metrics;

/// <summary>
/// Whether answers follow the rationales before them (after the interventions of Lanham et al. 2023, arXiv 2307.13702): each test case's
/// own rationale is exchanged for one that the model wrote of a case it took for another class.
/// </summary>
/// <param name="NumCases">Cases with a rationale to exchange for theirs.</param>
/// <param name="Flipped">Share of them whose prediction changes; NaN where there is none.</param>
/// <param name="Followed">
/// Share of them whose prediction becomes that of the case the rationale was written of; NaN where there is none.
/// </param>
public sealed record RationaleSwap(int NumCases, double Flipped, double Followed)
{
    /// <summary>
    /// For each case another one, drawn by the seed, that is predicted as another class and has another rationale; null where there is
    /// none.
    /// </summary>
    /// <param name="predicted">Class that each case is predicted as.</param>
    /// <param name="rationales">What the model wrote of each case.</param>
    /// <param name="seed">Seed of the draws.</param>
    public static IReadOnlyList<int?> Donors(IReadOnlyList<int> predicted, IReadOnlyList<string> rationales, int seed)
    {
        var random = new Random(seed);
        var byClass = Enumerable.Range(0, predicted.Count).ToLookup(i => predicted[i]);
        var others = byClass.ToDictionary(own => own.Key, own => byClass.Where(c => c.Key != own.Key).SelectMany(c => c).Order().ToArray());
        return
        [
            .. predicted.Select((own, i) =>
            {
                var candidates = others[own];
                if (candidates.Length == 0) return (int?)null;
                // From a drawn place on, the first that says something else.
                var start = random.Next(candidates.Length);
                return Enumerable.Range(0, candidates.Length).Select(step => (int?)candidates[(start + step) % candidates.Length])
                    .FirstOrDefault(donor => rationales[donor!.Value] != rationales[i]);
            }),
        ];
    }

    /// <summary>Compares predictions before and after the exchange.</summary>
    /// <param name="predicted">Class that each case is predicted as behind its own rationale.</param>
    /// <param name="donors">Whose rationale each case was given; null for none.</param>
    /// <param name="swapped">Class that each case with a donor is then predicted as, in their order.</param>
    public static RationaleSwap Of(IReadOnlyList<int> predicted, IReadOnlyList<int?> donors, IReadOnlyList<int> swapped)
    {
        var cases = predicted.Index().Where(c => donors[c.Index] is not null)
            .Zip(swapped, (c, after) => (Own: c.Item, Donor: predicted[donors[c.Index]!.Value], After: after)).ToList();
        return cases.Count == 0
            ? new(0, double.NaN, double.NaN)
            : new(cases.Count, (double)cases.Count(c => c.After != c.Own) / cases.Count,
                (double)cases.Count(c => c.After == c.Donor) / cases.Count);
    }
}
