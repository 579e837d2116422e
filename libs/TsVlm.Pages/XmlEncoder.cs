using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace TsVlm.Pages;

/// <summary>
/// Escapes text for use between tags and in quoted attributes, and nothing else, so that pages stay readable. What XML cannot hold becomes
/// U+FFFD.
/// </summary>
internal sealed unsafe class XmlEncoder : HtmlEncoder
{
    /// <summary>The only one.</summary>
    public static readonly XmlEncoder Instance = new();

    private static readonly SearchValues<char> NotPlain = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c).Where(c => c is not ('\n' or '\t')),
        '&', '<', '>', '"', '\'', '\uFFFE', '\uFFFF', .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    private XmlEncoder()
    {
    }

    /// <inheritdoc />
    public override int MaxOutputCharactersPerInputCharacter => "&quot;".Length;

    /// <inheritdoc />
    public override bool WillEncode(int unicodeScalar) => unicodeScalar <= char.MaxValue && NotPlain.Contains((char)unicodeScalar);

    /// <inheritdoc />
    public override int FindFirstCharacterToEncode(char* text, int textLength) => FirstIn(new(text, textLength));

    /// <inheritdoc />
    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var escaped = WillEncode(unicodeScalar) ? Escaped((char)unicodeScalar) : new Rune(unicodeScalar).ToString();
        numberOfCharactersWritten = escaped.TryCopyTo(new(buffer, bufferLength)) ? escaped.Length : 0;
        return numberOfCharactersWritten > 0;
    }

    /// <summary>Place of the first character that is not written as it is, surrogate pairs aside; -1 for none.</summary>
    private static int FirstIn(ReadOnlySpan<char> text)
    {
        for (var start = 0; text[start..].IndexOfAny(NotPlain) is var next and >= 0; start += next + 2)
        {
            var at = start + next;
            if (at + 1 >= text.Length || !char.IsSurrogatePair(text[at], text[at + 1])) return at;
        }
        return -1;
    }

    private static string Escaped(char c) => c switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#39;",
        '\r' => "&#13;",
        _ => "\uFFFD",
    };
}
