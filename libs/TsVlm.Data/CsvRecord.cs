using System.Text;

namespace TsVlm.Data;

/// <summary>
/// A record of the CSV files that this program writes (RFC 4180), without its line end. A record with a text that a spreadsheet would run
/// as a formula is escaped: each such text has an apostrophe before it, and all cells are in double quotes, as OWASP advises. By the quotes
/// a reader knows that an apostrophe is not the text's own: every record has a number or a plain word, which nothing else puts in quotes.
/// </summary>
public static class CsvRecord
{
    /// <summary>The record of these cells, escaped where it must be.</summary>
    public static string Of(IReadOnlyList<string> cells) =>
        cells.Any(FormulaText.IsEscaped) ? string.Join(',', cells.Select(cell => Quoted(FormulaText.Escape(cell)))) : Raw(cells);

    /// <summary>The record of these cells with texts as they are.</summary>
    public static string Raw(IReadOnlyList<string> cells) => string.Join(',', cells.Select(cell => NeedsQuotes(cell) ? Quoted(cell) : cell));

    /// <summary>The cells of a record, escaped or raw.</summary>
    public static IReadOnlyList<string> Cells(string record)
    {
        var (cells, areQuoted) = Split(record);
        return areQuoted ? [.. cells.Select(FormulaText.Undo)] : cells;
    }

    /// <summary>The same record raw; letter for letter the same where nothing is escaped.</summary>
    public static string AsRaw(string record)
    {
        var (cells, areQuoted) = Split(record);
        return areQuoted && cells.Any(cell => FormulaText.Undo(cell) != cell) ? Raw([.. cells.Select(FormulaText.Undo)]) : record;
    }

    /// <summary>The same record escaped; letter for letter the same where nothing needs to be, or is already.</summary>
    public static string AsEscaped(string record)
    {
        var (cells, areQuoted) = Split(record);
        return !areQuoted && cells.Any(FormulaText.IsEscaped) ? Of(cells) : record;
    }

    /// <summary>The records of a text, as they are written; one may have several lines.</summary>
    public static IEnumerable<string> All(string text)
    {
        var (start, isInside) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') isInside = !isInside;
            if (text[i] != '\n' || isInside) continue;
            yield return text[start..i];
            start = i + 1;
        }
        if (start < text.Length) yield return text[start..];
    }

    private static bool NeedsQuotes(string cell) => cell.AsSpan().ContainsAny(",\"\r\n") || cell != cell.Trim();

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"")}\"";

    /// <summary>The cells between the commas, without their quotes, and whether all had some.</summary>
    private static (List<string> Cells, bool AreQuoted) Split(string record)
    {
        var (cells, cell, areQuoted, isInside) = (new List<string>(), new StringBuilder(), true, false);
        for (var i = 0; i <= record.Length; i++)
        {
            if (i == record.Length || (record[i] == ',' && !isInside))
            {
                areQuoted &= i > 0 && record[i - 1] == '"';
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else if (record[i] != '"') cell.Append(record[i]);
            else if (isInside && i + 1 < record.Length && record[i + 1] == '"') cell.Append(record[i++]);
            else isInside = !isInside;
        }
        return (cells, areQuoted);
    }
}
