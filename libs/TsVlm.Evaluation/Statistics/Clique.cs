namespace TsVlm.Evaluation.Statistics;

/// <summary>
/// Neighbours in the order of mean ranks among which no pair differs significantly: the bars of a critical-difference diagram.
/// </summary>
/// <param name="First">Place of the best, from 0.</param>
/// <param name="Last">Place of the worst, itself inside; greater than First.</param>
public sealed record Clique(int First, int Last)
{
    /// <summary>
    /// The largest such runs of neighbours, none inside another. A bar so says that no two classifiers under it differ; two that do not
    /// differ, but have one between them that does, share no bar, which only the table of pairs can tell (Benavoli, Corani and Mangili
    /// 2016).
    /// </summary>
    /// <param name="count">Classifiers, ordered by mean rank.</param>
    /// <param name="differ">Whether the classifiers at two places differ significantly.</param>
    public static IReadOnlyList<Clique> Of(int count, Func<int, int, bool> differ)
    {
        var cliques = new List<Clique>();
        for (int first = 0, last = 0; first < count; first++)
        {
            last = Math.Max(last, first);
            var reached = last;
            while (reached + 1 < count && Enumerable.Range(first, reached - first + 1).All(i => !differ(i, reached + 1))) reached++;
            if (reached > first && (cliques.Count == 0 || reached > cliques[^1].Last)) cliques.Add(new(first, reached));
            last = reached;
        }
        return cliques;
    }
}
