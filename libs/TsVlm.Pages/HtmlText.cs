using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace TsVlm.Pages;

/// <summary>
/// Markup made from an interpolated string: what the source spells out is markup, what fills a hole is escaped text.
/// There is no way from a string to markup, so no label or prompt can become a tag. The result is well-formed XML.
/// </summary>
[InterpolatedStringHandler]
internal readonly struct HtmlText(int literalLength, int formattedCount)
{
    private static readonly SearchValues<char> NotPlain = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c).Where(c => c is not ('\n' or '\t')),
        '&', '<', '>', '"', '\'', '\uFFFE', '\uFFFF', .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    private readonly StringBuilder text = new(literalLength + (16 * formattedCount));

    /// <summary>Nothing.</summary>
    public static HtmlText Empty => $"";

    /// <summary>Appends markup that stands in the source.</summary>
    public void AppendLiteral(string markup) => text.Append(markup);

    /// <summary>Appends finished markup.</summary>
    public void AppendFormatted(HtmlText markup) => text.Append(markup.text);

    /// <summary>Appends finished pieces of markup, one after the other.</summary>
    public void AppendFormatted(IEnumerable<HtmlText> markup)
    {
        foreach (var piece in markup) text.Append(piece.text);
    }

    /// <summary>Appends a number or date, in the invariant culture.</summary>
    public void AppendFormatted<T>(T value, string? format = null) where T : IFormattable =>
        AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    /// <summary>Appends text, escaped for use between tags and in quoted attributes; what XML cannot hold becomes U+FFFD.</summary>
    public void AppendFormatted(string? value)
    {
        var rest = value.AsSpan();
        while (rest.IndexOfAny(NotPlain) is var next and >= 0)
        {
            text.Append(rest[..next]);
            var isPair = next + 1 < rest.Length && char.IsSurrogatePair(rest[next], rest[next + 1]);
            if (isPair) text.Append(rest.Slice(next, 2));
            else text.Append(Escaped(rest[next]));
            rest = rest[(next + (isPair ? 2 : 1))..];
        }
        text.Append(rest);
    }

    /// <summary>The markup.</summary>
    public override string ToString() => text.ToString();

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
