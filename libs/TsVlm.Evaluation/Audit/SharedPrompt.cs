namespace TsVlm.Evaluation.Audit;

/// <summary>
/// What all prompts of a data set have alike, template, question and list of classes, and what each says of its own series. Cut at white
/// space, so that no word is divided: <c>bell</c> and <c>funnel</c> end alike.
/// </summary>
/// <param name="Beginning">How all prompts begin.</param>
/// <param name="End">How all prompts end.</param>
/// <param name="Own">The rest of each prompt (prompts).</param>
internal sealed record SharedPrompt(string Beginning, string End, IReadOnlyList<string> Own)
{
    /// <summary>Takes at least one prompt apart; of a single one, or of equal ones, all is shared.</summary>
    public static SharedPrompt Of(IReadOnlyList<string> prompts)
    {
        var first = prompts[0];
        if (prompts.All(p => p == first)) return new(first, "", [.. prompts.Select(_ => "")]);
        var beginning = prompts.Min(p => p.AsSpan().CommonPrefixLength(first));
        while (beginning > 0 && !char.IsWhiteSpace(first[beginning - 1])) beginning--;
        var end = Math.Min(prompts.Min(p => CommonSuffix(p, first)), prompts.Min(p => p.Length) - beginning);
        while (end > 0 && !char.IsWhiteSpace(first[^end])) end--;
        return new(first[..beginning], first[^end..], [.. prompts.Select(p => p[beginning..^end])]);
    }

    /// <summary>
    /// Whether a text holds another one as a word of its own, or as a number of its own: not in a longer word, nor as a part of a decimal
    /// number.
    /// </summary>
    public static bool Mentions(string text, string word)
    {
        var isNumber = !word.Any(char.IsLetter);
        for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at =
            text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + word.Length;
            if ((at == 0 || Ends(text[at - 1], isNumber))
                && (end == text.Length || (Ends(text[end], isNumber: false) && !(isNumber && GoesOn(text, end))))) return true;
        }
        return false;
    }

    private static bool Ends(char neighbour, bool isNumber) =>
        !char.IsLetterOrDigit(neighbour) && !(isNumber && neighbour is ('.' or '-' or '+'));

    private static bool GoesOn(string text, int end) => text[end] is '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]);

    private static int CommonSuffix(string a, string b)
    {
        var length = 0;
        while (length < a.Length && length < b.Length && a[^(length + 1)] == b[^(length + 1)]) length++;
        return length;
    }
}
