using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace TsVlm.Pages;

/// <summary>
/// Markup made from an interpolated string: what the source spells out is markup, what fills a hole is escaped text.
/// There is no way from a string to markup, so no label or prompt can become a tag. The result is well-formed XML.
/// Charts and rows of tables are made of it; components place them (decision 65).
/// </summary>
[InterpolatedStringHandler]
public readonly struct HtmlText(int literalLength, int formattedCount)
{
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
        if (value is not null) text.Append(XmlEncoder.Instance.Encode(value));
    }

    /// <summary>Finished pieces of markup, one after the other.</summary>
    public static HtmlText Of(IEnumerable<HtmlText> pieces) => $"{pieces}";

    /// <summary>For a component, which would escape a text.</summary>
    public static implicit operator MarkupString(HtmlText markup) => new(markup.ToString());

    /// <summary>The markup.</summary>
    public override string ToString() => text.ToString();
}
