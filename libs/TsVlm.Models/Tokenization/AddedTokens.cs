using System.Buffers;

namespace TsVlm.Models.Tokenization;

/// <summary>A token that is matched in the text as a whole, before any splitting.</summary>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>True for tokens that steer the model and are no text of the user.</summary>
    public bool Special { get; init; }

    /// <summary>True when it is looked for in the normalised text.</summary>
    public bool Normalized { get; init; }

    /// <summary>True when it takes the blanks before it.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>True when it takes the blanks after it.</summary>
    public bool RightStrip { get; init; }

    /// <summary>True when it is no part of a longer word.</summary>
    public bool SingleWord { get; init; }
}

/// <summary>A part of a text: an added token, or what stands between two of them (<paramref name="Token"/> is null).</summary>
internal readonly record struct TextPart(int Start, int End, AddedToken? Token);

/// <summary>Finds added tokens in a text: leftmost first, of several the longest.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<char, AddedToken[]> byFirst;
    private readonly SearchValues<char> firsts;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        byFirst = tokens.Where(t => t.Content.Length > 0)
            .GroupBy(t => t.Content[0])
            .ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.Content.Length).ToArray());
        firsts = SearchValues.Create([.. byFirst.Keys]);
    }

    /// <summary>The parts of the text in order; empty parts are left out.</summary>
    public IEnumerable<TextPart> Split(string text)
    {
        var done = 0;
        var at = 0;
        while (NextMatch(text, at) is var (match, token))
        {
            var end = match + token.Content.Length;
            at = end;
            if (token.SingleWord && (IsWordAt(text, match - 1) || IsWordAt(text, end))) continue;
            while (token.LeftStrip && match > done && char.IsWhiteSpace(text[match - 1])) match--;
            while (token.RightStrip && end < text.Length && char.IsWhiteSpace(text[end])) end++;
            if (match > done) yield return new TextPart(done, match, null);
            yield return new TextPart(match, end, token);
            done = at = end;
        }
        if (done < text.Length) yield return new TextPart(done, text.Length, null);
    }

    private (int Start, AddedToken Token)? NextMatch(string text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            var skip = text.AsSpan(at).IndexOfAny(firsts);
            if (skip < 0) return null;
            at += skip;
            foreach (var token in byFirst[text[at]])
                if (text.AsSpan(at).StartsWith(token.Content, StringComparison.Ordinal))
                    return (at, token);
        }
        return null;
    }

    private static bool IsWordAt(string text, int at) => at >= 0 && at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_');
}
