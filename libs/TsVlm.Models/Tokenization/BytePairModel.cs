using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace TsVlm.Models.Tokenization;

/// <summary>
/// The tokens of a vocabulary by text and by id; byte tokens are those written <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.
/// </summary>
internal sealed class TokenVocabulary
{
    private readonly Dictionary<string, int> ids;
    private readonly Dictionary<int, string> texts;
    private readonly Dictionary<int, int> characters = [];
    private readonly Dictionary<int, byte> bytes = [];
    private readonly int[] byteIds = new int[256];

    public TokenVocabulary(IEnumerable<(string Text, int Id)> tokens)
    {
        ids = new Dictionary<string, int>(StringComparer.Ordinal);
        texts = [];
        foreach (var (text, id) in tokens)
        {
            ids.TryAdd(text, id);
            texts.TryAdd(id, text);
            if (Rune.DecodeFromUtf16(text, out var rune, out var used) is System.Buffers.OperationStatus.Done && used == text.Length)
                characters.TryAdd(rune.Value, id);
        }
        for (var b = 0; b < 256; b++)
        {
            byteIds[b] = ids.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"<0x{b:X2}>"), -1);
            if (byteIds[b] >= 0) bytes[byteIds[b]] = (byte)b;
        }
        Size = texts.Count == 0 ? 0 : texts.Keys.Max() + 1;
    }

    /// <summary>Highest id and one.</summary>
    public int Size { get; }

    public int? IdOf(string text) => ids.TryGetValue(text, out var id) ? id : null;

    public string? TextOf(int id) => texts.GetValueOrDefault(id);

    /// <summary>Id of the character as a token of its own; -1 when it is none.</summary>
    public int CharacterId(Rune rune) => characters.TryGetValue(rune.Value, out var id) ? id : -1;

    /// <summary>Id of the byte's token; -1 when there is none.</summary>
    public int ByteId(byte value) => byteIds[value];

    /// <summary>The byte that the token stands for; null for other tokens.</summary>
    public byte? ByteOf(int id) => bytes.TryGetValue(id, out var value) ? value : null;

    /// <summary>First and last character of a token's text as ids; -1 where the character is no token.</summary>
    public (int First, int Last) Edges(int id)
    {
        var text = texts[id];
        Rune.DecodeFromUtf16(text, out var first, out _);
        Rune.DecodeLastFromUtf16(text, out var last, out _);
        return (CharacterId(first), CharacterId(last));
    }
}

/// <summary>Encodes normalised text: characters to symbols, unknown ones to their UTF-8 bytes or the unknown token, then merges.</summary>
internal sealed class BytePairModel(TokenVocabulary vocabulary, BytePairMerges merges, int? unknown, bool fuseUnknown, bool byteFallback,
    bool wholeWordsFirst)
{
    public void Encode(string text, List<int> tokens)
    {
        if (wholeWordsFirst && vocabulary.IdOf(text) is { } whole)
        {
            tokens.Add(whole);
            return;
        }
        var symbols = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) AddSymbol(rune, symbols);
        merges.Apply(CollectionsMarshal.AsSpan(symbols), tokens);
    }

    private void AddSymbol(Rune rune, List<int> symbols)
    {
        var id = vocabulary.CharacterId(rune);
        if (id >= 0)
        {
            symbols.Add(id);
            return;
        }
        Span<byte> utf8 = stackalloc byte[4];
        utf8 = utf8[..rune.EncodeToUtf8(utf8)];
        if (byteFallback && HasAll(utf8))
            foreach (var value in utf8)
                symbols.Add(vocabulary.ByteId(value));
        else if (unknown is { } unk && !(fuseUnknown && symbols.Count > 0 && symbols[^1] == unk))
            symbols.Add(unk);
    }

    private bool HasAll(ReadOnlySpan<byte> utf8)
    {
        foreach (var value in utf8)
            if (vocabulary.ByteId(value) < 0)
                return false;
        return true;
    }
}
