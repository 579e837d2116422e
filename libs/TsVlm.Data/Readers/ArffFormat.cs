namespace TsVlm.Data.Readers;

/// <summary>
/// Weka's <c>.arff</c> as the archives use it: numeric attributes and a nominal class, or one relational attribute whose channels
/// are separated by <c>\n</c> inside quotes. Missing values at the end of all channels are padding and end the series.
/// </summary>
internal sealed class ArffFormat
{
    private readonly LineReader lines;
    private readonly ArffHeader header;
    private readonly Padding padding = new();
    private int? numChannels;

    private ArffFormat(LineReader lines, ArffHeader header) => (this.lines, this.header) = (lines, header);

    /// <summary>Reads the whole file.</summary>
    public static ParsedFile Read(LineReader lines, LabelUse labels)
    {
        var file = new ArffFormat(lines, ArffHeader.Read(lines, labels));
        var cases = new List<ParsedCase>();
        while (lines.Read())
        {
            var line = ArffText.WithoutComment(lines.Line.Trim());
            if (line.IsEmpty || line[0] == '%') continue;
            if (line[0] == '{') throw lines.Error(
                "expected every value of the case, found the sparse form {...}. Save the file as dense ARFF.");
            cases.Add(file.ReadCase(line, labels));
        }
        if (cases.Count == 0) throw lines.Error("expected cases after @data, found none. Copy the file again.");
        var classes = labels is LabelUse.Required ? file.header.Classes : null;
        return new ParsedFile(lines.FileName, classes, ChannelNames: null, cases, [.. file.padding.Warnings(lines.FileName)]);
    }

    private ParsedCase ReadCase(ReadOnlySpan<char> line, LabelUse labels)
    {
        var channels = header.IsRelational ? Relational(ref line) : Univariate(ref line);
        numChannels ??= channels.Length;
        if (channels.Length != numChannels)
            throw lines.Error($"expected {Fields.Plural(numChannels.Value, "channel", "channels")} as in the lines before, found {channels.Length}. "
                + @"Separate channels by \n inside the quotes.");
        return new ParsedCase(padding.Remove(channels, lines), Label(line, labels), lines.Number);
    }

    private string? Label(ReadOnlySpan<char> rest, LabelUse labels)
    {
        if (header.Classes is null && rest.IsEmpty) return null;
        if (header.Classes is null || rest.IsEmpty || rest[0] != ',')
            throw lines.Error($"expected {(header.Classes is null ? "the end of the line" : "a comma and the class")} after the values, "
                + $"found {(rest.IsEmpty ? "the end of the line" : Fields.Quote(rest))}. Write the class last, after a comma.");
        rest = rest[1..];
        var label = Fields.Label(ArffText.NextField(ref rest, lines), lines);
        if (!rest.IsEmpty) throw lines.Error(
            $"expected the end of the line after the class, found {Fields.Quote(rest)}. Write the class last.");
        if (labels is LabelUse.Ignored) return null;
        if (label == "?") throw lines.Error("expected a label, found '?'. Give every case its class.");
        return header.Classes.Contains(label) ? label : throw lines.Error(
            $"expected one of the header's labels {Fields.List([.. header.Classes])}, found {Fields.Quote(label)}. Correct the label or the class attribute.");
    }

    private double[][] Univariate(ref ReadOnlySpan<char> line)
    {
        var end = header.Classes is null ? line.Length : ArffText.LastComma(line);
        if (end < 0) throw lines.Error(
            $"expected values and a class separated by commas, found {Fields.Quote(line)}. Write the class last.");
        var values = Channel(line[..end], 0);
        line = line[end..];
        return [values];
    }

    private double[][] Relational(ref ReadOnlySpan<char> line)
    {
        if (line[0] is not ('\'' or '"'))
            throw lines.Error($"expected the channels in quotes, found {Fields.Quote(line)}. Put quotes around the relational attribute.");
        var rest = ArffText.Quoted(ref line, lines);
        var channels = new List<double[]>(numChannels ?? 1);
        while (true)
        {
            var end = rest.IndexOf(@"\n");
            channels.Add(Channel(end < 0 ? rest : rest[..end], channels.Count));
            if (end < 0) return [.. channels];
            rest = rest[(end + 2)..];
        }
    }

    private double[] Channel(ReadOnlySpan<char> text, int channel)
    {
        var count = text.Count(',') + 1;
        if (count != header.Length)
            throw lines.Error($"expected {Fields.Plural(header.Length, "value", "values")} in channel {channel}, found {count}. "
                + "Give one value for each numeric attribute; fill shorter series with ? at their end.");
        var values = new double[count];
        var step = 0;
        foreach (var field in text.Split(',')) values[step] = Fields.Value(text[field], lines, channel, step++);
        return values;
    }
}
