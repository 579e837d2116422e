using System.Text;

namespace TsVlm.Models.Tokenization;

/// <summary>The decoders of tokenizer.json: steps from a list of token texts to another one, joined at the end.</summary>
internal static class TokenizerJsonDecoders
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static TokenDecoder Read(JsonSetting? decoder, TokenVocabulary vocabulary)
    {
        var step = Step(decoder);
        return tokens => string.Concat(step([.. tokens.Select(t => vocabulary.TextOf(t)!)]));
    }

    private static Func<List<string>, List<string>> Step(JsonSetting? setting)
    {
        if (setting is not { } step) return tokens => [string.Join(' ', tokens)];
        switch (step["type"].Text)
        {
            case "Sequence":
                var steps = step["decoders"].Elements.Select(s => Step(s)).ToArray();
                return tokens => steps.Aggregate(tokens, (t, s) => s(t));
            case "Replace":
                var (pattern, content) = (step["pattern"]["String"].Text, step["content"].Text);
                return tokens => tokens.ConvertAll(t => t.Replace(pattern, content, StringComparison.Ordinal));
            case "Fuse":
                return tokens => [string.Concat(tokens)];
            case "Strip":
                var (mark, start, stop) = (step["content"].Text, step["start"].Number, step["stop"].Number);
                if (mark.Length != 1) throw step["content"].Unexpected("one character");
                return tokens => tokens.ConvertAll(t => Strip(t, mark[0], start, stop));
            case "ByteFallback":
                return JoinBytes;
            case "ByteLevel":
                return tokens => [Encoding.UTF8.GetString([.. tokens.SelectMany(ByteLevelAlphabet.Read)])];
            case "Metaspace":
                var blank = step.Find("replacement")?.Text ?? "▁";
                var dropsFirst = step.Find("prepend_scheme") is { } scheme
                    ? scheme.Text != "never" : step.Find("add_prefix_space")?.Flag ?? true;
                return tokens => [.. tokens.Select((t, i) => t.Replace(blank, i == 0 && dropsFirst ? "" : " ", StringComparison.Ordinal))];
            default:
                throw step["type"].Unexpected("Sequence, Replace, Fuse, Strip, ByteFallback, ByteLevel or Metaspace");
        }
    }

    private static string Strip(string token, char mark, int atMostStart, int atMostEnd)
    {
        var start = 0;
        while (start < atMostStart && start < token.Length && token[start] == mark) start++;
        var end = token.Length;
        while (token.Length - end < atMostEnd && end > start && token[end - 1] == mark) end--;
        return token[start..end];
    }

    /// <summary>A run of byte tokens becomes its text; one that is no UTF-8 becomes a replacement character for each byte.</summary>
    private static List<string> JoinBytes(List<string> tokens)
    {
        var joined = new List<string>(tokens.Count);
        var run = new List<byte>();
        foreach (var token in tokens)
        {
            if (ByteOf(token) is { } value)
            {
                run.Add(value);
                continue;
            }
            Flush();
            joined.Add(token);
        }
        Flush();
        return joined;

        void Flush()
        {
            if (run.Count == 0) return;
            try
            {
                joined.Add(StrictUtf8.GetString([.. run]));
            }
            catch (DecoderFallbackException)
            {
                joined.Add(new string('\uFFFD', run.Count));
            }
            run.Clear();
        }
    }

    private static byte? ByteOf(string token) =>
        token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
        && byte.TryParse(token.AsSpan(3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value) ? value : null;
}
