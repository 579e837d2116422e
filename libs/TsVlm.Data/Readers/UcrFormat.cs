namespace TsVlm.Data.Readers;

/// <summary>
/// The UCR archive's <c>.tsv</c> (separated by tabs) and the older <c>.txt</c> (separated by blanks): one series a line, its label first.
/// NaN is a missing value; NaN up to the end of a line is the archive's padding of shorter series and ends the series.
/// </summary>
internal static class UcrFormat
{
    /// <summary>Reads a file separated by tabs.</summary>
    public static ParsedFile ReadTsv(LineReader lines, LabelUse labels) => Read(lines, labels, "\t", "a tab");

    /// <summary>Reads a file separated by blanks, tabs or commas, as older copies of the archive are.</summary>
    public static ParsedFile ReadTxt(LineReader lines, LabelUse labels) => Read(lines, labels, " \t,", "blanks");

    private static ParsedFile Read(LineReader lines, LabelUse labels, string separators, string separatorName)
    {
        var cases = new List<ParsedCase>();
        var padding = new Padding();
        int? numFields = null;
        var values = new List<double>();
        while (lines.Read())
        {
            var rest = lines.Line.TrimEnd(separators);
            if (rest.IsEmpty) continue;
            if (separators.Contains(',', StringComparison.Ordinal)) RequireOneSeparator(rest, lines);
            var labelEnd = rest.IndexOfAny(separators);
            if (labelEnd < 0)
                throw lines.Error($"expected a label and values separated by {separatorName}, found {Fields.Quote(rest)}. Put the label first.");
            var label = Fields.Label(rest[..labelEnd], lines);
            values.Clear();
            rest = Next(rest[labelEnd..], separators);
            while (!rest.IsEmpty)
            {
                var fieldEnd = rest.IndexOfAny(separators);
                values.Add(Fields.Value(fieldEnd < 0 ? rest : rest[..fieldEnd], lines, channel: 0, values.Count));
                rest = fieldEnd < 0 ? [] : Next(rest[fieldEnd..], separators);
            }
            numFields ??= values.Count;
            if (values.Count != numFields)
                throw lines.Error($"expected {Fields.Plural(numFields.Value, "value", "values")} in channel 0 as in the lines before, found {values.Count}. "
                    + "Fill shorter series with NaN at their end.");
            cases.Add(new ParsedCase(padding.Remove([[.. values]], lines), labels is LabelUse.Required ? label : null, lines.Number));
        }
        if (cases.Count == 0)
            throw lines.ErrorAt(Math.Max(1, lines.Number), "expected one series a line, found none. Copy the file again.");
        return new ParsedFile(lines.FileName, DeclaredClasses: null, ChannelNames: null, cases, [.. padding.Warnings(lines.FileName)]);
    }

    // Blanks between fields and a comma between two digits: the comma is a decimal comma, or the separators are mixed.
    private static void RequireOneSeparator(ReadOnlySpan<char> line, LineReader lines)
    {
        if (line.IndexOfAny(' ', '\t') < 0) return;
        for (var i = 1; i < line.Length - 1; i++)
        {
            if (line[i] != ',' || line[i - 1] is ' ' or '\t' || line[i + 1] is ' ' or '\t') continue;
            throw lines.Error($"expected values separated by blanks or by commas, found both in {Fields.Quote(line)}. "
                + "Write the decimal point as a dot, and use one separator.");
        }
    }

    // One tab separates; of blanks a whole run does.
    private static ReadOnlySpan<char> Next(ReadOnlySpan<char> rest, string separators) =>
        separators.Length == 1 ? rest[1..] : rest.TrimStart(separators);
}
