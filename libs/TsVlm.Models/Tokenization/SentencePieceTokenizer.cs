namespace TsVlm.Models.Tokenization;

/// <summary>
/// A SentencePiece BPE model as transformers' LlamaTokenizer uses it (4.47, tokenization_llama.py).
/// With <c>legacy</c> every text between two added tokens gets a blank put before it; without, only the first one.
/// </summary>
internal static class SentencePieceTokenizer
{
    private const char Blank = '▁';

    public static Tokenizer Read(string path)
    {
        var file = SentencePieceFile.Read(path);
        var settings = TokenizerSettings.Read(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var roles = settings.Roles with
        {
            Begin = settings.Roles.Begin ?? PieceAt(file.BeginId),
            End = settings.Roles.End ?? PieceAt(file.EndId),
            Pad = settings.Roles.Pad ?? PieceAt(file.PadId),
            Unknown = settings.Roles.Unknown ?? PieceAt(file.UnknownId),
        };
        var added = settings.Added.ToList();
        // transformers adds the tokens with a role itself when no file lists them.
        foreach (var role in new[] { roles.Begin, roles.End, roles.Pad, roles.Unknown }.OfType<string>())
            for (var id = 0; id < file.Pieces.Count; id++)
                if (file.Pieces[id].Text == role && added.All(t => t.Content != role))
                    added.Add(new AddedToken(id, role) { Special = true });
        // The slow tokenizer looks for every added token in the text as it is.
        added = added.ConvertAll(t => t with { Normalized = false });

        var vocabulary = new TokenVocabulary(file.Pieces.Select((piece, id) => (piece.Text, id))
            .Concat(added.Select(t => (t.Content, t.Id))));
        var model = new BytePairModel(vocabulary, new BytePairMerges(Merges(file, path, vocabulary), vocabulary.Edges), file.UnknownId,
            fuseUnknown: true, byteFallback: true, wholeWordsFirst: false);
        var userDefined = new AddedTokens(file.Pieces.Index().Where(p => p.Item.Kind is PieceKind.UserDefined)
            .Select(p => new AddedToken(p.Index, p.Item.Text)));
        var decoder = new SentencePieceDecoder(vocabulary, added, roles, file, settings);
        return new Tokenizer(vocabulary, added, roles, Encode, decoder.Decode);

        string? PieceAt(int id) => id >= 0 && id < file.Pieces.Count ? file.Pieces[id].Text : null;

        void Encode(string text, bool atStart, bool plain, List<int> tokens)
        {
            var prefixed = settings.Legacy ? file.AddsDummyPrefix : settings.AddPrefixSpace && atStart;
            var escaped = (prefixed ? Blank + text : text).Replace(' ', Blank);
            foreach (var part in userDefined.Split(escaped))
            {
                if (part.Token is { } token) tokens.Add(token.Id);
                else model.Encode(escaped[part.Start..part.End], tokens);
            }
        }
    }

    /// <summary>
    /// SentencePiece merges any two neighbours whose join is a piece, the highest score first; so each way to cut a piece is a merge.
    /// </summary>
    private static List<Merge> Merges(SentencePieceFile file, string path, TokenVocabulary vocabulary)
    {
        var scores = file.Pieces.Where(p => p.Kind is PieceKind.Normal).Select(p => p.Score).Distinct().OrderDescending().ToArray();
        var ranks = scores.Index().ToDictionary(s => s.Item, s => s.Index);
        var merges = new List<Merge>();
        foreach (var (id, piece) in file.Pieces.Index().Where(p => p.Item.Kind is PieceKind.Normal))
        {
            foreach (var rune in piece.Text.EnumerateRunes())
                if (vocabulary.CharacterId(rune) < 0)
                    throw new InvalidDataException(
                        $"{path}: piece {id} '{piece.Text}': expected each character to be a piece, '{rune}' is none; use a tokenizer.json instead.");
            for (var cut = 1; cut < piece.Text.Length; cut++)
                if (!char.IsLowSurrogate(piece.Text[cut]) && NormalId(piece.Text[..cut]) is { } left
                    && NormalId(piece.Text[cut..]) is { } right)
                    merges.Add(new Merge(left, right, id, ranks[piece.Score]));
        }
        return merges;

        int? NormalId(string text) =>
            vocabulary.IdOf(text) is { } id && id < file.Pieces.Count && file.Pieces[id].Kind is PieceKind.Normal ? id : null;
    }
}
