using System.Text;

namespace TsVlm.Data.Readers;

/// <summary>
/// Quoted and plain fields of <c>.arff</c>: single or double quotes, a backslash before a character that stands for itself.
/// </summary>
internal static class ArffText
{
    /// <summary>Takes one field off the text, without its quotes; leaves the comma behind it, if there is one.</summary>
    public static string NextField(ref ReadOnlySpan<char> rest, LineReader lines)
    {
        rest = rest.TrimStart();
        if (rest.IsEmpty || rest[0] is not ('\'' or '"'))
        {
            var comma = rest.IndexOf(',');
            var plain = (comma < 0 ? rest : rest[..comma]).Trim().ToString();
            rest = comma < 0 ? [] : rest[comma..];
            return plain;
        }
        var field = Unescape(Quoted(ref rest, lines));
        if (!rest.IsEmpty && rest[0] != ',')
            throw lines.Error($"expected a comma after a quoted field, found {Fields.Quote(rest)}. Separate fields by commas.");
        return field;
    }

    /// <summary>Takes a quoted field off the text and yields what is between the quotes as it stands.</summary>
    public static ReadOnlySpan<char> Quoted(ref ReadOnlySpan<char> rest, LineReader lines)
    {
        var quote = rest[0];
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '\\') i++;
            else if (rest[i] == quote)
            {
                var inner = rest[1..i];
                rest = rest[(i + 1)..].TrimStart();
                return inner;
            }
        }
        throw lines.Error($"expected a closing {quote}, found the end of the line. Close the quoted field on its line.");
    }

    /// <summary>Where the last field begins, quotes and commas inside them taken into account; -1 where there is only one field.</summary>
    public static int LastComma(ReadOnlySpan<char> line)
    {
        if (line.IsEmpty || line[^1] is not ('\'' or '"')) return line.LastIndexOf(',');
        for (var i = line.Length - 2; i > 0; i--)
        {
            if (line[i] == line[^1] && line[i - 1] != '\\') return line[..i].TrimEnd() is [.., ','] before ? before.Length - 1 : -1;
        }
        return -1;
    }

    /// <summary>The line without a comment at its end: a % after a blank, outside quotes and braces.</summary>
    public static ReadOnlySpan<char> WithoutComment(ReadOnlySpan<char> line)
    {
        if (!line[(line.IsEmpty ? 0 : 1)..].Contains('%')) return line;
        var (quote, inBraces) = ('\0', false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\') i++;
            else if (quote != '\0') quote = line[i] == quote ? '\0' : quote;
            else if (line[i] is '\'' or '"') quote = line[i];
            else if (line[i] is '{' or '}') inBraces = line[i] == '{';
            else if (line[i] == '%' && i > 0 && !inBraces && char.IsWhiteSpace(line[i - 1])) return line[..i].TrimEnd();
        }
        return line;
    }

    private static string Unescape(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\')) return text.ToString();
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length) i++;
            plain.Append(text[i]);
        }
        return plain.ToString();
    }
}
