using System.Buffers;
using System.Text;

namespace TsVlm.Models.Tokenization;

/// <summary>Tokens to text as transformers' LlamaTokenizer does it over SentencePiece, its blanks around added tokens included.</summary>
internal sealed class SentencePieceDecoder
{
    private const char Blank = '▁';
    private readonly TokenVocabulary vocabulary;
    private readonly HashSet<int> apart;
    private readonly HashSet<int> special;
    private readonly bool legacy;
    private readonly bool addPrefixSpace;
    private readonly bool dropsPrefix;

    public SentencePieceDecoder(TokenVocabulary vocabulary, IReadOnlyList<AddedToken> added, TokenRoles roles, SentencePieceFile file,
        TokenizerSettings settings)
    {
        this.vocabulary = vocabulary;
        legacy = settings.Legacy;
        addPrefixSpace = settings.AddPrefixSpace;
        dropsPrefix = settings.Legacy && file.AddsDummyPrefix;
        string?[] withRole = [roles.Begin, roles.End, roles.Pad, roles.Unknown];
        special = [.. added.Where(t => withRole.Contains(t.Content)).Select(t => t.Id)];
        // Added tokens without a role stand apart, with a blank on each side.
        apart = [.. added.Where(t => !special.Contains(t.Id) && (t.Id >= file.Pieces.Count || !settings.Additional.Contains(t.Content)))
            .Select(t => t.Id)];
        special.UnionWith(added.Where(t => settings.Additional.Contains(t.Content)).Select(t => t.Id));
    }

    public string Decode(IReadOnlyList<int> tokens)
    {
        var texts = new List<string>();
        var run = new List<int>();
        foreach (var token in tokens)
        {
            if (!apart.Contains(token))
            {
                run.Add(token);
                continue;
            }
            if (run.Count > 0 && Run(run) is { Length: > 0 } text) texts.Add(text);
            run.Clear();
            texts.Add(vocabulary.TextOf(token)!);
        }
        if (run.Count > 0) texts.Add(Run(run));
        return string.Join(' ', texts);
    }

    /// <summary>LlamaTokenizer.convert_tokens_to_string.</summary>
    private string Run(List<int> tokens)
    {
        var text = new StringBuilder();
        var pieces = new List<(string Text, byte? Byte)>();
        var afterSpecial = false;
        for (var i = 0; i < tokens.Count; i++)
        {
            var piece = vocabulary.TextOf(tokens[i])!;
            if (special.Contains(tokens[i]))
            {
                if (!afterSpecial && i != 0 && legacy) text.Append(' ');
                AppendPieces(pieces, text);
                text.Append(piece);
                afterSpecial = true;
                continue;
            }
            if (afterSpecial && i == 1 && addPrefixSpace && !piece.StartsWith(Blank)) text.Append(' ');
            if (i == 0 && addPrefixSpace && piece.StartsWith(Blank)) piece = piece[1..];
            pieces.Add((piece, vocabulary.ByteOf(tokens[i])));
            afterSpecial = false;
        }
        AppendPieces(pieces, text);
        return text.ToString();
    }

    /// <summary>SentencePieceProcessor::Decode: the blank put before a text goes, byte pieces become characters.</summary>
    private void AppendPieces(List<(string Text, byte? Byte)> pieces, StringBuilder text)
    {
        var atStart = true;
        var bytes = new List<byte>();
        foreach (var (piece, value) in pieces)
        {
            if (value is { } known)
            {
                bytes.Add(known);
                atStart = false;
                continue;
            }
            AppendBytes(bytes, text);
            var dropped = atStart && dropsPrefix && piece.StartsWith(Blank);
            text.Append((dropped ? piece[1..] : piece).Replace(Blank, ' '));
            if (piece.Length > 0) atStart = false;
        }
        AppendBytes(bytes, text);
        pieces.Clear();
    }

    private static void AppendBytes(List<byte> bytes, StringBuilder text)
    {
        ReadOnlySpan<byte> rest = [.. bytes];
        while (rest.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var used);
            text.Append(rune.ToString());
            // A byte that begins no character is replaced by itself, not with those after it.
            rest = rest[(status is OperationStatus.Done ? used : 1)..];
        }
        bytes.Clear();
    }
}
