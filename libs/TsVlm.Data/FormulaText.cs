using System.Text.RegularExpressions;

namespace TsVlm.Data;

/// <summary>
/// Texts that a spreadsheet would run as a formula, and the apostrophe before them that makes it show them instead (OWASP, "CSV Injection").
/// A text that has apostrophes before such a character gets one more, so every text comes back as it was.
/// </summary>
public static partial class FormulaText
{
    /// <summary>
    /// Whether the text is escaped: after any apostrophes it begins with one of = + - @, a tab or a line end, and it is no number. Labels
    /// such as -1 and -1e-5 are numbers.
    /// </summary>
    public static bool IsEscaped(string text) => BeginsLikeFormula(text.AsSpan().TrimStart('\'')) && !Number().IsMatch(text);

    /// <summary>The text as it is written.</summary>
    public static string Escape(string text) => IsEscaped(text) ? "'" + text : text;

    /// <summary>The text that <see cref="Escape"/> wrote.</summary>
    public static string Undo(string written) =>
        written is ['\'', ..] && BeginsLikeFormula(written.AsSpan().TrimStart('\'')) ? written[1..] : written;

    private static bool BeginsLikeFormula(ReadOnlySpan<char> text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..];

    // -Infinity is how a double is written.
    [GeneratedRegex(@"\A(?:[+-](?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-Infinity)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
