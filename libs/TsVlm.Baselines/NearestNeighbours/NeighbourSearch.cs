using TsVlm.Baselines.Series;

namespace TsVlm.Baselines.NearestNeighbours;

/// <summary>A candidate and how far it is; the lower index is preferred among equally near ones.</summary>
internal readonly record struct Neighbour(int Index, double Distance)
{
    public bool IsPreferredTo(Neighbour other) => Distance < other.Distance || (Distance == other.Distance && Index < other.Index);
}

/// <summary>
/// Finds the candidate nearest to a query. Candidates are visited by rising Euclidean distance, so the best is met early
/// and the others fall to the bounds; the order never changes the answer. Owns its buffers: one instance a thread.
/// </summary>
internal sealed class NeighbourSearch
{
    private readonly ComparableSeries[] candidates;
    private readonly double[] euclidean;
    private readonly int[] order;
    private readonly double[] low, high, columnCosts, rowCosts, buffer;
    private readonly int[] queue;

    /// <param name="candidates">What the queries are compared with.</param>
    /// <param name="longest">Length of the longest series among candidates and queries.</param>
    public NeighbourSearch(ComparableSeries[] candidates, int longest)
    {
        this.candidates = candidates;
        euclidean = new double[candidates.Length];
        order = new int[candidates.Length];
        low = new double[longest * candidates[0].NumChannels];
        high = new double[longest * candidates[0].NumChannels];
        rowCosts = new double[longest + 1];
        columnCosts = new double[longest + 1];
        queue = new int[longest];
        buffer = new double[DynamicTimeWarping.BufferLength(longest)];
    }

    /// <summary>The nearest by Euclidean distance at the common length.</summary>
    public Neighbour Euclidean(ComparableSeries query)
    {
        var best = new Neighbour(0, double.PositiveInfinity);
        for (var index = 0; index < candidates.Length; index++)
        {
            var neighbour = new Neighbour(index, SquaredEuclidean.Distance(query.Stretched, candidates[index].Stretched));
            if (neighbour.IsPreferredTo(best)) best = neighbour;
        }
        return best;
    }

    /// <summary>Sorts the candidates for this query; <see cref="Warped"/> visits them in this order.</summary>
    /// <returns>A candidate with an upper bound of its warping distance, whatever the window.</returns>
    public Neighbour Sort(ComparableSeries query)
    {
        var bound = new Neighbour(0, double.PositiveInfinity);
        for (var index = 0; index < candidates.Length; index++)
        {
            euclidean[index] = SquaredEuclidean.Distance(query.Stretched, candidates[index].Stretched);
            order[index] = index;
            if (candidates[index].Length != query.Length) continue;
            var neighbour = new Neighbour(index, euclidean[index] + euclidean[index] * DynamicTimeWarping.Slack);
            if (query.Length * query.NumChannels == query.Stretched.Length && neighbour.IsPreferredTo(bound)) bound = neighbour;
        }
        Array.Sort(euclidean, order);
        return bound;
    }

    /// <summary>The nearest by dynamic time warping; <see cref="Sort"/> comes first.</summary>
    /// <param name="query">The series.</param>
    /// <param name="window">Half width of the band in steps.</param>
    /// <param name="bound">A candidate with an upper bound of its distance.</param>
    /// <param name="leftOut">A candidate that is not compared; -1 for none.</param>
    /// <param name="known">Lower bounds of the distances from an equal or wider window; empty for none.</param>
    /// <param name="learned">Receives better lower bounds, for narrower windows; empty to drop them.</param>
    public Neighbour Warped(
        ComparableSeries query, int window, Neighbour bound, int leftOut, ReadOnlySpan<double> known, Span<double> learned)
    {
        if (window < query.Length - 1) Envelope.Fill(query.Values, query.NumChannels, window, low, high, queue);
        var best = bound;
        foreach (var index in order)
        {
            if (index == leftOut) continue;
            var atLeast = new Neighbour(index, known.IsEmpty ? 0 : known[index]);
            if (atLeast.IsPreferredTo(best))
            {
                var neighbour = new Neighbour(index, Distance(query, candidates[index], window, best.Distance));
                atLeast = neighbour with { Distance = Math.Max(atLeast.Distance, Math.Min(neighbour.Distance, best.Distance)) };
                if (neighbour.IsPreferredTo(best)) best = neighbour;
            }
            if (!learned.IsEmpty) learned[index] = atLeast.Distance;
        }
        return best;
    }

    /// <summary>Distance, or positive infinity where it exceeds the cutoff.</summary>
    private double Distance(ComparableSeries query, ComparableSeries candidate, int window, double cutoff)
    {
        var limit = cutoff + cutoff * DynamicTimeWarping.Slack;
        if (LowerBound.Ends(query, candidate) > limit) return double.PositiveInfinity;

        var numChannels = query.NumChannels;
        var hasEnvelope = candidate.Length == query.Length && window < query.Length - 1;
        var lowest = hasEnvelope ? low.AsSpan(0, query.Values.Length) : query.Low;
        var highest = hasEnvelope ? high.AsSpan(0, query.Values.Length) : query.High;
        var candidateCosts = rowCosts.AsSpan(0, candidate.Length + 1);
        var candidateBound = LowerBound.Outside(candidate.Values, lowest, highest, numChannels, candidateCosts);
        if (candidateBound > limit) return double.PositiveInfinity;

        var queryCosts = columnCosts.AsSpan(0, query.Length + 1);
        var queryBound = LowerBound.Outside(query.Values, candidate.Low, candidate.High, numChannels, queryCosts);
        if (queryBound > limit) return double.PositiveInfinity;

        // The distance is the same either way round; the rows are those with more to say of what is still to come.
        var (rows, columns) = candidateBound >= queryBound ? (candidate, query) : (query, candidate);
        var rest = candidateBound >= queryBound ? candidateCosts : queryCosts;
        LowerBound.SumFromEnd(rest);
        return DynamicTimeWarping.Distance(rows.Values, columns.Values, numChannels, window, cutoff, rest, buffer);
    }
}
