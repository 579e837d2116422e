namespace TsVlm.Models.Tokenization;

/// <summary>
/// Appends the tokens of a text in which no added token is looked for but normalised ones, and those only when not plain.
/// </summary>
internal delegate void TextEncoder(string text, bool atStart, bool plain, List<int> tokens);

/// <summary>Turns tokens back to text.</summary>
internal delegate string TokenDecoder(IReadOnlyList<int> tokens);

/// <summary>Names of the tokens with a role; null where the model has none.</summary>
internal sealed record TokenRoles(string? Begin, string? End, string? Pad, string? Unknown);

/// <summary>
/// Text to token ids and back, exactly as the model's own tokenizer in Hugging Face transformers does it
/// (byte-pair encoding; SentencePiece and byte-level forms). Immutable and thread-safe.
/// </summary>
public sealed class Tokenizer
{
    private readonly TokenVocabulary vocabulary;
    private readonly AddedTokens added;
    private readonly HashSet<int> special;
    private readonly TextEncoder encodeText;
    private readonly TokenDecoder decode;

    internal Tokenizer(TokenVocabulary vocabulary, IReadOnlyList<AddedToken> addedTokens, TokenRoles roles, TextEncoder encodeText,
        TokenDecoder decode)
    {
        this.vocabulary = vocabulary;
        this.encodeText = encodeText;
        this.decode = decode;
        added = new AddedTokens(addedTokens.Where(t => !t.Normalized));
        special = [.. addedTokens.Where(t => t.Special).Select(t => t.Id)];
        BosId = IdOfRole(roles.Begin);
        EosId = IdOfRole(roles.End);
        PadId = IdOfRole(roles.Pad);
        UnkId = IdOfRole(roles.Unknown);
        special.UnionWith(new[] { BosId, EosId, PadId, UnkId }.OfType<int>());
    }

    /// <summary>Highest token id and one; a model's embedding may have more rows.</summary>
    public int VocabularySize => vocabulary.Size;

    /// <summary>Token that begins every sequence; null when the model has none.</summary>
    public int? BosId { get; }

    /// <summary>Token that ends an answer; null when the model has none.</summary>
    public int? EosId { get; }

    /// <summary>Token that fills short sequences of a batch; null when the model has none.</summary>
    public int? PadId { get; }

    /// <summary>Token for what the vocabulary lacks; null when the model has none.</summary>
    public int? UnkId { get; }

    /// <summary>Reads <c>tokenizer.json</c>, or <c>tokenizer.model</c> where there is none.</summary>
    /// <exception cref="FileNotFoundException">The folder holds neither.</exception>
    /// <exception cref="InvalidDataException">A file is malformed, or of a kind that is not supported; names file and key.</exception>
    public static Tokenizer Open(string modelFolder)
    {
        var json = Path.Combine(modelFolder, "tokenizer.json");
        if (File.Exists(json)) return TokenizerJson.Read(json);
        var sentencePiece = Path.Combine(modelFolder, "tokenizer.model");
        if (File.Exists(sentencePiece)) return SentencePieceTokenizer.Read(sentencePiece);
        throw new FileNotFoundException($"{modelFolder}: expected tokenizer.json or tokenizer.model, found neither.");
    }

    /// <summary>Token ids of a text; added tokens such as <c>&lt;/s&gt;</c> in it become those tokens.</summary>
    /// <exception cref="InvalidOperationException"><paramref name="addBos"/>, and the model has no begin token.</exception>
    public int[] Encode(string text, bool addBos = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<int>(8 + text.Length / 2);
        if (addBos) tokens.Add(BosId
            ?? throw new InvalidOperationException("Begin token asked for, but the tokenizer names none (bos_token)."));
        foreach (var part in added.Split(text))
        {
            if (part.Token is { } token) tokens.Add(token.Id);
            else encodeText(text[part.Start..part.End], atStart: part.Start == 0, plain: false, tokens);
        }
        return [.. tokens];
    }

    /// <summary>
    /// Token ids of a text from an untrusted source: <c>&lt;/s&gt;</c>, <c>&lt;image&gt;</c> and the like in it stay plain characters.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="atStart">False for a text that goes on after other tokens.</param>
    public int[] EncodePlain(string text, bool atStart = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<int>(8 + text.Length / 2);
        if (text.Length > 0) encodeText(text, atStart, plain: true, tokens);
        return [.. tokens];
    }

    /// <summary>Text of the tokens. An id that the vocabulary lacks decodes to nothing, as in transformers.</summary>
    public string Decode(IEnumerable<int> ids, bool skipSpecial = true) =>
        decode([.. ids.Where(id => vocabulary.TextOf(id) is not null && !(skipSpecial && special.Contains(id)))]);

    /// <summary>Id of the token that is written so in the vocabulary; null when there is none.</summary>
    public int? IdOf(string token) => vocabulary.IdOf(token);

    private int? IdOfRole(string? token) => token is null ? null : vocabulary.IdOf(token);
}
