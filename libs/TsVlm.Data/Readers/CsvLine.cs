using System.Text;

namespace TsVlm.Data.Readers;

/// <summary>
/// Fields of one line of comma-separated text (RFC 4180): a field in double quotes may hold commas and blanks, a doubled quote stands for
/// one.
/// </summary>
internal static class CsvLine
{
    /// <summary>Takes one field off the text and the comma behind it; <paramref name="isLast"/> when there is none.</summary>
    /// <remarks>Plain fields lose the blanks around them, quoted fields keep what is between the quotes.</remarks>
    public static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest, LineReader lines, out bool isLast)
    {
        var start = rest.TrimStart(' ');
        if (!start.IsEmpty && start[0] == '"')
        {
            var quoted = Quoted(ref start, lines);
            isLast = start.IsEmpty;
            if (!isLast && start[0] != ',')
                throw lines.Error($"expected a comma after a quoted field, found {Fields.Quote(start)}. Double the quotes inside a field.");
            rest = isLast ? [] : start[1..];
            return quoted;
        }
        var comma = rest.IndexOf(',');
        isLast = comma < 0;
        var field = isLast ? rest : rest[..comma];
        rest = isLast ? [] : rest[(comma + 1)..];
        return field.Trim();
    }

    /// <summary>All fields of the line.</summary>
    public static List<string> All(LineReader lines)
    {
        var fields = new List<string>();
        var rest = lines.Line;
        for (var isLast = false; !isLast;) fields.Add(Next(ref rest, lines, out isLast).ToString());
        return fields;
    }

    /// <summary>All fields of a line that may be an escaped <see cref="CsvRecord"/>, as they were before.</summary>
    public static List<string> Unescaped(LineReader lines)
    {
        var (fields, areQuoted) = (new List<string>(), true);
        var rest = lines.Line;
        for (var isLast = false; !isLast;)
        {
            areQuoted &= rest.TrimStart(' ') is ['"', ..];
            fields.Add(Next(ref rest, lines, out isLast).ToString());
        }
        return areQuoted ? [.. fields.Select(FormulaText.Undo)] : fields;
    }

    private static string Quoted(ref ReadOnlySpan<char> rest, LineReader lines)
    {
        var text = new StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] != '"') text.Append(rest[i]);
            else if (i + 1 < rest.Length && rest[i + 1] == '"') text.Append(rest[i++]);
            else
            {
                rest = rest[(i + 1)..].TrimStart();
                return text.ToString();
            }
        }
        throw lines.Error("expected a closing quote, found the end of the line. Close the quoted field on its line.");
    }
}
