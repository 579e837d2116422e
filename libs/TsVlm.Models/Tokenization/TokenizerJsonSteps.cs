using System.Text.RegularExpressions;

namespace TsVlm.Models.Tokenization;

/// <summary>
/// Splits normalised text into words that are encoded one by one; <paramref name="atStart"/>: the whole text begins here.
/// </summary>
internal delegate IEnumerable<string> WordSplitter(string text, bool atStart);

/// <summary>The normalizers and pre-tokenizers of tokenizer.json that BPE models use.</summary>
internal static class TokenizerJsonSteps
{
    /// <summary>
    /// GPT-2's words (encoder.py): contractions, letters, digits and marks, each with one blank before, and runs of blanks.
    /// </summary>
    private const string Gpt2Words = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public static Func<string, string> Normaliser(JsonSetting? step)
    {
        if (step is not { } normalizer) return text => text;
        switch (normalizer["type"].Text)
        {
            case "Sequence":
                var steps = normalizer["normalizers"].Elements.Select(s => Normaliser(s)).ToArray();
                return text => steps.Aggregate(text, (t, s) => s(t));
            case "Prepend":
                var prefix = normalizer["prepend"].Text;
                return text => text.Length == 0 ? text : prefix + text;
            case "Replace":
                var (pattern, content) = (normalizer["pattern"]["String"].Text, normalizer["content"].Text);
                return text => text.Replace(pattern, content, StringComparison.Ordinal);
            default:
                throw normalizer["type"].Unexpected("Sequence, Prepend or Replace");
        }
    }

    public static WordSplitter PreTokenizer(JsonSetting? step)
    {
        if (step is not { } splitter) return (text, _) => [text];
        return splitter["type"].Text switch
        {
            "Sequence" => Chain([.. splitter["pretokenizers"].Elements.Select(s => PreTokenizer(s))]),
            "Metaspace" => Metaspace(splitter),
            "Split" => Split(splitter),
            "ByteLevel" => ByteLevel(splitter),
            _ => throw splitter["type"].Unexpected("Sequence, Metaspace, Split or ByteLevel"),
        };
    }

    private static WordSplitter Chain(WordSplitter[] splitters) => (text, atStart) =>
    {
        IEnumerable<(string Word, bool AtStart)> words = [(text, atStart)];
        foreach (var split in splitters)
            words = words.SelectMany(w => split(w.Word, w.AtStart).Select((word, i) => (word, w.AtStart && i == 0)));
        return words.Select(w => w.Word);
    };

    private static WordSplitter Metaspace(JsonSetting step)
    {
        var blank = step.Find("replacement")?.Text ?? "▁";
        // Before prepend_scheme there was a flag for "always" or "never".
        var scheme = step.Find("prepend_scheme") is { } named ? named.Text : step.Find("add_prefix_space")?.Flag ?? true
            ? "always" : "never";
        if (scheme is not ("always" or "first" or "never")) throw step["prepend_scheme"].Unexpected("always, first or never");
        var splits = step.Find("split")?.Flag ?? true;
        return (text, atStart) =>
        {
            text = text.Replace(" ", blank, StringComparison.Ordinal);
            var prepends = scheme == "always" || (scheme == "first" && atStart);
            if (prepends && !text.StartsWith(blank, StringComparison.Ordinal)) text = blank + text;
            return splits ? BeforeEach(text, blank) : [text];
        };
    }

    private static IEnumerable<string> BeforeEach(string text, string mark)
    {
        var start = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf(mark, start + 1, StringComparison.Ordinal);
            if (end < 0) end = text.Length;
            yield return text[start..end];
            start = end;
        }
    }

    private static WordSplitter Split(JsonSetting step)
    {
        var pattern = step["pattern"];
        var regex = Compile(pattern.Find("Regex")?.Text ?? Regex.Escape(pattern["String"].Text), step);
        var inverted = step.Find("invert")?.Flag ?? false;
        // Two ways to write the same: keep the matches as words.
        return (step["behavior"].Text, inverted) switch
        {
            ("Isolated", _) => (text, _) => Words(text, regex, keepsGaps: true),
            ("Removed", true) => (text, _) => Words(text, regex, keepsGaps: false),
            _ => throw step["behavior"].Unexpected("Isolated, or Removed with invert"),
        };
    }

    private static WordSplitter ByteLevel(JsonSetting step)
    {
        var addsBlank = step.Find("add_prefix_space")?.Flag ?? true;
        var regex = step.Find("use_regex")?.Flag ?? true ? Compile(Gpt2Words, step) : null;
        return (text, _) =>
        {
            if (addsBlank && !text.StartsWith(' ')) text = " " + text;
            var words = regex is null ? [text] : Words(text, regex, keepsGaps: true);
            return words.Select(ByteLevelAlphabet.Write);
        };
    }

    private static Regex Compile(string pattern, JsonSetting step)
    {
        try
        {
            return new Regex(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{step.File}: {step.Key}: expected a regular expression, found '{pattern}': {error.Message}",
                error);
        }
    }

    private static IEnumerable<string> Words(string text, Regex regex, bool keepsGaps)
    {
        var done = 0;
        foreach (Match match in regex.Matches(text))
        {
            if (keepsGaps && match.Index > done) yield return text[done..match.Index];
            yield return match.Value;
            done = match.Index + match.Length;
        }
        if (keepsGaps && done < text.Length) yield return text[done..];
    }
}
