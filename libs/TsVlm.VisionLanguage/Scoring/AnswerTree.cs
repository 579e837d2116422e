namespace TsVlm.VisionLanguage.Scoring;

/// <summary>
/// The answers of all classes as one tree: a node is a distinct beginning of an answer, so that what answers share is computed once.
/// The last token of an answer is no node: only its probability is asked for, not what comes after it.
/// </summary>
internal sealed class AnswerTree
{
    /// <summary>Stands for the end of the prompt, from which every answer's first token is predicted.</summary>
    public const int Root = -1;

    private readonly List<(int Token, int Parent, int Depth)> nodes = [];
    private readonly Dictionary<(int Parent, int Token), int> children = [];
    private readonly Dictionary<(int Parent, int Token), int> whole = [];

    /// <exception cref="ArgumentException">There is no answer, one is empty, or two are the same.</exception>
    public AnswerTree(IReadOnlyList<int[]> answers)
    {
        if (answers.Count == 0) throw new ArgumentException("Answers: expected at least one, found none.", nameof(answers));
        Steps = [.. answers.Select((answer, number) =>
        {
            if (answer.Length == 0)
                throw new ArgumentException($"Answer {number}: expected at least one token, found none.", nameof(answers));
            var steps = new (int From, int Token)[answer.Length];
            var from = Root;
            for (var depth = 0; depth < answer.Length; depth++)
            {
                steps[depth] = (from, answer[depth]);
                if (depth < answer.Length - 1) from = Child(from, answer[depth], depth);
            }
            if (!whole.TryAdd(steps[^1], number))
                throw new ArgumentException(
                    $"Answers: expected different ones, found {whole[steps[^1]]} and {number} with the same tokens.", nameof(answers));
            return steps;
        })];
    }

    /// <summary>For each answer and each of its tokens: the node it is predicted from, and the token.</summary>
    public IReadOnlyList<(int From, int Token)[]> Steps { get; }

    public int NumNodes => nodes.Count;

    public long[] Tokens => [.. nodes.Select(node => (long)node.Token)];

    /// <summary>Number of tokens of the answer before each node.</summary>
    public long[] Depths => [.. nodes.Select(node => (long)node.Depth)];

    /// <summary>True where a node is another's ancestor or itself, row by row.</summary>
    public bool[,] Ancestors()
    {
        var seen = new bool[nodes.Count, nodes.Count];
        for (var node = 0; node < nodes.Count; node++)
            for (var ancestor = node; ancestor != Root; ancestor = nodes[ancestor].Parent) seen[node, ancestor] = true;
        return seen;
    }

    /// <summary>The answer that is reached by always taking the given token of the node one is at; null where that leaves the tree.</summary>
    /// <param name="tokenAt">The token of the root and of each node, at its number plus one.</param>
    public int? Follow(ReadOnlySpan<long> tokenAt)
    {
        for (var at = Root; ;)
        {
            var token = (int)tokenAt[at + 1];
            if (whole.TryGetValue((at, token), out var answer)) return answer;
            if (!children.TryGetValue((at, token), out at)) return null;
        }
    }

    private int Child(int parent, int token, int depth)
    {
        if (children.TryGetValue((parent, token), out var child)) return child;
        nodes.Add((token, parent, depth));
        return children[(parent, token)] = nodes.Count - 1;
    }
}
