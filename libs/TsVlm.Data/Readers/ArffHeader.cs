namespace TsVlm.Data.Readers;

/// <summary>
/// The header of an <c>.arff</c> file of time series: either numeric attributes, one a time step, or one relational attribute
/// that holds them; then the nominal class.
/// </summary>
/// <param name="IsRelational">True when a case is one quoted field of channels.</param>
/// <param name="Length">Number of numeric attributes: the values of a channel, padding included.</param>
/// <param name="Classes">The classes in the header's order; null where there is no nominal attribute.</param>
internal sealed record ArffHeader(bool IsRelational, int Length, IReadOnlyList<string>? Classes)
{
    /// <summary>Reads up to and including the line <c>@data</c>.</summary>
    public static ArffHeader Read(LineReader lines, LabelUse labels)
    {
        var (hasRelation, inside, numNumeric) = (false, false, 0);
        IReadOnlyList<string>? classes = null;
        while (lines.Read())
        {
            var line = ArffText.WithoutComment(lines.Line.Trim());
            if (line.IsEmpty || line[0] == '%') continue;
            var (word, rest) = FirstWord(line);
            switch (word.ToLowerInvariant())
            {
                case "@relation":
                    break;
                case "@data" when inside:
                    throw lines.Error("expected @end of the relational attribute before @data, found none. Correct the header.");
                case "@data":
                    return Checked(new ArffHeader(hasRelation, numNumeric, classes), lines, labels);
                case "@end" when inside:
                    inside = false;
                    break;
                case "@attribute" when classes is not null:
                    throw lines.Error("expected the nominal class as the last attribute, found another after it. Move the class to the end.");
                case "@attribute":
                    var type = TypeOf(rest, lines);
                    if (type[0] == '{') classes = inside ? throw NotNumeric(type, lines) : NominalValues(type, lines);
                    else if (type.Equals("relational", StringComparison.OrdinalIgnoreCase) && !hasRelation && numNumeric == 0)
                        hasRelation = inside = true;
                    else if (type.ToLowerInvariant() is not ("numeric" or "real" or "integer") || (hasRelation && !inside))
                        throw NotNumeric(type, lines);
                    else numNumeric++;
                    break;
                default:
                    throw lines.Error($"expected @relation, @attribute, @end or @data, found {Fields.Quote(line)}. Start comments with %.");
            }
        }
        if (lines.Number == 0) throw lines.ErrorAt(1, "expected a header and cases, found an empty file. Copy the file again.");
        throw lines.Error("expected the line @data, found the end of the file. Put @data before the first case.");
    }

    private static ArffHeader Checked(ArffHeader header, LineReader lines, LabelUse labels)
    {
        if (header.Length == 0)
            throw lines.Error("expected at least one numeric attribute before @data, found none. Declare one for each time step.");
        if (header.Classes is null && labels is LabelUse.Required)
            throw lines.Error("expected a nominal class {A,B,...} as the last attribute, found none. A number to predict makes it a regression file; "
                + "only classification is supported.");
        return header;
    }

    private static DataException NotNumeric(string type, LineReader lines) => lines.Error(
        $"expected attributes of type numeric (or one relational attribute of them), then the nominal class, found {Fields.Quote(type)}. "
        + "Leave other attributes out.");

    private static (string Word, string Remainder) FirstWord(ReadOnlySpan<char> line)
    {
        var end = line.IndexOfAny(' ', '\t');
        return end < 0 ? (line.ToString(), "") : (line[..end].ToString(), line[end..].Trim().ToString());
    }

    // What follows the attribute's name, which may be quoted and hold blanks.
    private static string TypeOf(string rest, LineReader lines)
    {
        var nameEnd = rest.Length == 0 ? -1 : rest[0] is '\'' or '"' ? rest.IndexOf(rest[0], 1) + 1 : rest.AsSpan().IndexOfAny(" \t{");
        var type = nameEnd <= 0 ? "" : rest[nameEnd..].Trim();
        return type.Length > 0
            ? type : throw lines.Error($"expected a name and a type after @attribute, found {Fields.Quote(rest)}. Correct the header.");
    }

    private static List<string> NominalValues(string type, LineReader lines)
    {
        if (type[^1] != '}') throw lines.Error($"expected the classes between braces, found {Fields.Quote(type)}. Correct the header.");
        var classes = new List<string>();
        var rest = type[1..^1].AsSpan();
        while (true)
        {
            var field = ArffText.NextField(ref rest, lines);
            if (field.Length == 0) throw lines.Error("expected a class between the commas, found none. Correct the header.");
            if (classes.Contains(field))
                throw lines.Error($"expected every class once, found {Fields.Quote(field)} twice. Correct the header.");
            classes.Add(field);
            if (rest.IsEmpty) return classes;
            rest = rest[1..];
        }
    }
}
