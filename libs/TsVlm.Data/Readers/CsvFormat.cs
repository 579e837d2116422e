using System.Globalization;

namespace TsVlm.Data.Readers;

/// <summary>
/// Plain <c>.csv</c> with a header line. Either one series a row, with a column <c>label</c> first or last, or long form with the columns
/// <c>id</c>, <c>channel</c>, <c>time</c>, <c>value</c> and <c>label</c> in any order. A column <c>labels</c> instead has sets of labels,
/// with <c>|</c> between them and nothing for none. Column names are matched without regard to case.
/// </summary>
internal static class CsvFormat
{
    /// <summary>The column of a label.</summary>
    public const string LabelColumn = "label";

    /// <summary>The column of a set of labels.</summary>
    public const string LabelSetColumn = "labels";

    /// <summary>Reads the whole file.</summary>
    public static ParsedFile Read(LineReader lines, LabelUse labels)
    {
        var header = Header(lines);
        return CsvLongForm.Fits(header) ? CsvLongForm.Read(lines, header, labels) : ReadRows(lines, header, labels);
    }

    /// <summary>True when the file's header names a label: it is data rather than some other table.</summary>
    public static bool HasLabels(LineReader lines) => lines.Read()
        && (OtherSeparator(lines.Line) is null
            ? CsvLine.All(lines) : [.. lines.Line.ToString().Split([';', '\t', '|']).Select(name => name.Trim('"', ' '))])
            .Any(IsLabel);

    // What separates the fields of a line without commas; null where it has commas, or one field.
    private static string? OtherSeparator(ReadOnlySpan<char> line) => line.Contains(',') ? null
        : line.Contains(';') ? "semicolons" : line.Contains('\t') ? "tabs" : line.Contains('|') ? "vertical bars" : null;

    private static List<string> Header(LineReader lines)
    {
        do
        {
            if (!lines.Read()) throw lines.ErrorAt(Math.Max(1, lines.Number),
                "expected a header line, found an empty file. Copy the file again.");
        }
        while (lines.Line.IsEmpty);
        if (OtherSeparator(lines.Line) is { } other)
            throw lines.Error($"expected fields separated by commas, found {other}. Write commas between fields and a dot in numbers.");
        var header = CsvLine.All(lines);
        var numbers = header.Where(name => !IsLabel(name)).Select(Number).ToList();
        // 0,1,2,... or 1,2,3,... are column names; other numbers are a first series without a header above it.
        var countsUp = numbers.Count > 0 && numbers[0] is 0 or 1 && numbers.Zip(numbers.Skip(1)).All(pair => pair.Second == pair.First + 1);
        if (!countsUp && numbers.TrueForAll(number => number is not null))
            throw lines.Error($"expected a header line such as label,t0,t1,t2, found only numbers: "
                + $"{Fields.Quote(string.Join(',', header))}. Name the columns.");
        return header;
    }

    private static ParsedFile ReadRows(LineReader lines, List<string> header, LabelUse labels)
    {
        var labelColumn = header.FindIndex(IsLabel);
        if (header.FindLastIndex(IsLabel) != labelColumn)
            throw lines.Error("expected one column named label or labels, found more. Rename the others.");
        if (labelColumn < 0 && labels is LabelUse.Required)
            throw lines.Error($"expected a column named label, found {Fields.List(header)}. Name the column of the classes label.");
        var headerLine = lines.Number;
        var ids = CsvIdColumn.Of(header, labelColumn);
        var numBefore = labelColumn - ids.Count(id => id.Index < labelColumn);
        if (numBefore > 0 && numBefore < header.Count - 1 - ids.Count)
            throw lines.Error($"expected the column label first or last, found it as column {labelColumn + 1} of {header.Count}. Move it.");
        var hasSets = labelColumn >= 0 && IsNamed(header[labelColumn], LabelSetColumn);
        var cases = new List<ParsedCase>();
        var values = new List<double>(header.Count);
        while (lines.Read())
        {
            if (!lines.Line.IsEmpty) cases.Add(ReadRow(lines, header.Count, labelColumn, ids, hasSets, labels, values));
        }
        if (cases.Count == 0) throw lines.Error("expected one series a line after the header, found none. Copy the file again.");
        string[] warnings = [.. ids.Select(id => id.Warning(lines, headerLine))];
        return new ParsedFile(lines.FileName, DeclaredClasses: null, ChannelNames: null, cases, warnings) { HasLabelSets = hasSets };
    }

    // Empty cells at the end of a row end its series; empty cells before that are missing values.
    private static ParsedCase ReadRow(
        LineReader lines, int numColumns, int labelColumn, IReadOnlyList<CsvIdColumn> ids, bool hasSets, LabelUse labels,
        List<double> values)
    {
        values.Clear();
        string? label = null;
        var (isLast, column, length) = (false, 0, 0);
        var rest = lines.Line;
        for (; !isLast; column++)
        {
            var field = CsvLine.Next(ref rest, lines, out isLast);
            if (column == labelColumn)
                label = labels is not LabelUse.Required ? null : hasSets ? LabelSets.Read(field, lines) : Fields.Label(field, lines);
            else if (IdAt(ids, column) is { } id) id.Add(field);
            else if (field.IsEmpty) values.Add(double.NaN);
            else
            {
                values.Add(Fields.Value(field, lines, channel: 0, values.Count));
                length = values.Count;
            }
        }
        if (column != numColumns)
            throw lines.Error($"expected {Fields.Plural(numColumns, "field", "fields")} as in the header, found {column}. "
                + "Leave cells empty at the end of shorter series.");
        if (length == 0) throw lines.Error("expected at least one value, found none. Remove the line.");
        return new ParsedCase(new TimeSeries([[.. values.Take(length)]]), label, lines.Number);
    }

    private static CsvIdColumn? IdAt(IReadOnlyList<CsvIdColumn> ids, int column)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            if (ids[i].Index == column) return ids[i];
        }
        return null;
    }

    /// <summary>True for the column, whatever the case of its name.</summary>
    public static bool IsNamed(string name, string column) => name.Equals(column, StringComparison.OrdinalIgnoreCase);

    private static bool IsLabel(string name) => IsNamed(name, LabelColumn) || IsNamed(name, LabelSetColumn);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
