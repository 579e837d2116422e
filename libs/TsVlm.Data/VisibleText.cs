using System.Globalization;
using System.Text;

namespace TsVlm.Data;

/// <summary>
/// Text of a file or a name as a message may show it: control and invisible characters as escapes, so that none reaches a terminal.
/// </summary>
internal static class VisibleText
{
    /// <summary>The text with <c>\u001B</c> instead of an escape character, and likewise for its kind.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (IsHidden(character)) visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            else visible.Append(character);
        }
        return visible.ToString();
    }

    /// <summary>Whether the text has such characters.</summary>
    public static bool HasHidden(ReadOnlySpan<char> text)
    {
        foreach (var character in text) if (IsHidden(character)) return true;
        return false;
    }

    /// <summary>True for control characters, and for those without a shape of their own: zero-width, direction, line separators.</summary>
    public static bool IsHidden(char character) => char.IsControl(character) || CharUnicodeInfo.GetUnicodeCategory(character)
        is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
