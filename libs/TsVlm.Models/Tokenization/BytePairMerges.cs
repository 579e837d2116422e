namespace TsVlm.Models.Tokenization;

/// <summary>Two neighbouring symbols that become one; of several possible merges the lowest rank goes first, then the leftmost.</summary>
internal readonly record struct Merge(int Left, int Right, int Product, int Rank);

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016) of a sequence of symbols, in O(n log n).
/// The sequence is first cut wherever no merge can reach across; each piece is then merged by itself, which changes no result.
/// </summary>
internal sealed class BytePairMerges
{
    private readonly Dictionary<long, (int Rank, int Product)> merges;
    private readonly HashSet<long> joints = [];

    /// <param name="merges">Every merge.</param>
    /// <param name="edges">First and last symbol of a token's text; -1 where that is no symbol.</param>
    public BytePairMerges(IReadOnlyCollection<Merge> merges, Func<int, (int First, int Last)> edges)
    {
        this.merges = new Dictionary<long, (int, int)>(merges.Count);
        foreach (var merge in merges)
        {
            this.merges.TryAdd(Pair(merge.Left, merge.Right), (merge.Rank, merge.Product));
            joints.Add(Pair(edges(merge.Left).Last, edges(merge.Right).First));
        }
    }

    /// <summary>Merges the symbols and appends the resulting tokens.</summary>
    public void Apply(ReadOnlySpan<int> symbols, List<int> tokens)
    {
        var queue = new PriorityQueue<(int Left, int Right, int Product), long>();
        var start = 0;
        for (var i = 1; i <= symbols.Length; i++)
        {
            if (i < symbols.Length && joints.Contains(Pair(symbols[i - 1], symbols[i]))) continue;
            if (i - start == 1) tokens.Add(symbols[start]);
            else MergePiece(symbols[start..i], queue, tokens);
            start = i;
        }
    }

    private void MergePiece(ReadOnlySpan<int> symbols, PriorityQueue<(int Left, int Right, int Product), long> queue, List<int> tokens)
    {
        const int Gone = int.MinValue;
        Span<int> links = symbols.Length <= 128 ? stackalloc int[3 * symbols.Length] : new int[3 * symbols.Length];
        var current = links[..symbols.Length];
        var previous = links.Slice(symbols.Length, symbols.Length);
        var next = links[(2 * symbols.Length)..];
        symbols.CopyTo(current);
        for (var i = 0; i < current.Length; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1;
        }
        for (var i = 0; i + 1 < current.Length; i++) Propose(current, i, i + 1, queue);

        while (queue.TryDequeue(out var candidate, out _))
        {
            var (left, right, product) = candidate;
            // Stale when a neighbour was merged since.
            if (current[left] == Gone || next[left] != right || !merges.TryGetValue(Pair(current[left], current[right]), out var merge)
                || merge.Product != product) continue;
            current[left] = product;
            current[right] = Gone;
            next[left] = next[right];
            if (next[right] < current.Length) previous[next[right]] = left;
            if (previous[left] >= 0) Propose(current, previous[left], left, queue);
            if (next[left] < current.Length) Propose(current, left, next[left], queue);
        }
        for (var i = 0; i < current.Length; i = next[i]) tokens.Add(current[i]);
    }

    private void Propose(ReadOnlySpan<int> current, int left, int right, PriorityQueue<(int Left, int Right, int Product), long> queue)
    {
        if (merges.TryGetValue(Pair(current[left], current[right]), out var merge))
            queue.Enqueue((left, right, merge.Product), ((long)merge.Rank << 32) | (uint)left);
    }

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;
}
