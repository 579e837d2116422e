namespace TsVlm.Models.Tokenization;

/// <summary>
/// Reads the <c>tokenizer.json</c> of Hugging Face's tokenizers library: BPE models of the Llama form and of the byte-level form.
/// </summary>
internal static class TokenizerJson
{
    public static Tokenizer Read(string file)
    {
        var root = JsonSetting.Read(file);
        var settings = TokenizerSettings.Read(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var added = (root.Find("added_tokens")?.Elements ?? []).Select(t => TokenizerSettings.ReadToken(t["id"].Number, t)).ToArray();
        var model = root["model"];
        var vocabulary = new TokenVocabulary(model["vocab"].Members.Select(m => (m.Name, m.Setting.Number))
            .Concat(added.Select(t => (t.Content, t.Id))));
        var bytePairs = ReadModel(model, vocabulary);
        var normalise = TokenizerJsonSteps.Normaliser(root.Find("normalizer"));
        var split = TokenizerJsonSteps.PreTokenizer(root.Find("pre_tokenizer"));
        var normalised = new AddedTokens(added.Where(t => t.Normalized).Select(t => t with { Content = normalise(t.Content) }));

        var roles = settings.Roles with
        {
            Begin = settings.Roles.Begin ?? TemplateBegin(root.Find("post_processor")),
            End = settings.Roles.End ?? (vocabulary.IdOf("</s>") is null ? null : "</s>"),
            Unknown = settings.Roles.Unknown ?? model.Find("unk_token")?.Text,
        };
        return new Tokenizer(vocabulary, added, roles, Encode, TokenizerJsonDecoders.Read(root.Find("decoder"), vocabulary));

        void Encode(string text, bool atStart, bool plain, List<int> tokens)
        {
            var changed = normalise(text);
            var parts = plain ? [new TextPart(0, changed.Length, null)] : normalised.Split(changed);
            foreach (var part in parts)
            {
                if (part.Token is { } token)
                {
                    tokens.Add(token.Id);
                    continue;
                }
                foreach (var word in split(changed[part.Start..part.End], atStart && part.Start == 0))
                    if (word.Length > 0)
                        bytePairs.Encode(word, tokens);
            }
        }
    }

    private static BytePairModel ReadModel(JsonSetting model, TokenVocabulary vocabulary)
    {
        // Files of early versions leave the type out.
        if (model.Find("type") is { } type && type.Text != "BPE") throw type.Unexpected("BPE");
        foreach (var key in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
            if (model.Find(key) is { } affix && affix.Text.Length > 0)
                throw affix.Unexpected("no affix");
        if (model.Find("dropout") is { Value: var rate } dropout && rate.GetDouble() != 0) throw dropout.Unexpected("no dropout");

        var merges = model["merges"].Elements.Select((merge, rank) => ReadMerge(merge, rank, vocabulary)).ToArray();
        int? unknown = model.Find("unk_token") is { } unk
            ? vocabulary.IdOf(unk.Text) ?? throw unk.Unexpected("a token of the vocabulary") : null;
        return new BytePairModel(vocabulary, new BytePairMerges(merges, vocabulary.Edges), unknown,
            fuseUnknown: model.Find("fuse_unk")?.Flag ?? false,
            byteFallback: model.Find("byte_fallback")?.Flag ?? false,
            wholeWordsFirst: model.Find("ignore_merges")?.Flag ?? false);
    }

    private static Merge ReadMerge(JsonSetting merge, int rank, TokenVocabulary vocabulary)
    {
        var pair = merge.Value.ValueKind is System.Text.Json.JsonValueKind.Array
            ? merge.Elements.Select(e => e.Text).ToArray()
            : merge.Text.Split(' ');
        if (pair.Length != 2) throw merge.Unexpected("two tokens");
        return new Merge(Id(pair[0]), Id(pair[1]), Id(pair[0] + pair[1]), rank);

        int Id(string token) => vocabulary.IdOf(token) ?? throw merge.Unexpected($"tokens of the vocabulary; '{token}' is none");
    }

    /// <summary>The special token that a TemplateProcessing puts before a text; null when it puts none.</summary>
    private static string? TemplateBegin(JsonSetting? processor) => processor?["type"].Text switch
    {
        null or "ByteLevel" => null,
        "TemplateProcessing" => processor.Value["single"].Elements.First().Find("SpecialToken")?["id"].Text,
        "Sequence" => processor.Value["processors"].Elements.Select(p => TemplateBegin(p)).FirstOrDefault(t => t is not null),
        _ => throw processor.Value["type"].Unexpected("TemplateProcessing, ByteLevel or Sequence"),
    };
}
