namespace TsVlm.Data.Readers;

/// <summary>
/// The archives' <c>.ts</c> format: one case a line, channels separated by colons, values by commas, the label last.
/// Time stamps are read over: values count as evenly spaced, in the order of the file.
/// </summary>
internal sealed class TsFormat
{
    private readonly LineReader lines;
    private readonly TsHeader header;
    private readonly ChannelAlignment alignment = new();
    private readonly TsTimeStamps stamps = new();
    private readonly List<double> values = [];
    private int? numChannels;
    private int? length;

    private TsFormat(LineReader lines, TsHeader header)
    {
        this.lines = lines;
        this.header = header;
        numChannels = header.NumChannels;
        length = header.Length;
    }

    /// <summary>Reads the whole file.</summary>
    public static ParsedFile Read(LineReader lines, LabelUse labels)
    {
        var file = new TsFormat(lines, TsHeader.Read(lines, labels));
        var cases = new List<ParsedCase>();
        while (lines.Read())
        {
            if (!lines.Line.IsEmpty && lines.Line[0] is not ('#' or '%')) cases.Add(file.ReadCase(labels));
        }
        if (cases.Count == 0) throw lines.Error("expected cases after @data, found none. Copy the file again.");
        var classes = labels is LabelUse.Required ? file.header.Classes : null;
        return new ParsedFile(lines.FileName, classes, ChannelNames: null, cases, [.. file.Warnings(cases)]);
    }

    private ParsedCase ReadCase(LabelUse labels)
    {
        var rest = lines.Line;
        string? label = null;
        if (header.HasTarget)
        {
            var colon = rest.LastIndexOf(':');
            if (colon < 0 || rest[(colon + 1)..].IndexOfAny(",()") >= 0)
                throw lines.Error("expected a label after the last colon, found none. End every case with a colon and its class.");
            if (labels is LabelUse.Required) label = Label(rest[(colon + 1)..]);
            rest = rest[..colon];
        }
        var channels = new List<double[]>(numChannels ?? 1);
        while (true)
        {
            channels.Add(ReadChannel(ref rest, channels.Count));
            if (rest.IsEmpty) break;
            rest = rest[1..];
        }
        numChannels ??= channels.Count;
        if (channels.Count != numChannels)
            throw lines.Error($"expected {Fields.Plural(numChannels.Value, "channel", "channels")}, found {channels.Count}. "
                + "Separate channels by colons; a label needs @classLabel true in the header.");
        return new ParsedCase(alignment.Align(channels), label, lines.Number);
    }

    private string Label(ReadOnlySpan<char> text)
    {
        var label = Fields.Label(text, lines);
        return header.Classes.Contains(label) ? label : throw lines.Error(
            $"expected one of the header's labels {Fields.List(header.Classes)}, found {Fields.Quote(label)}. Correct the label or @classLabel.");
    }

    // Takes one channel off the line; leaves the colon behind it, if there is one.
    private double[] ReadChannel(ref ReadOnlySpan<char> rest, int channel)
    {
        values.Clear();
        if (header.HasTimeStamps) stamps.Read(ref rest, lines, channel, values);
        else ReadPlain(ref rest, channel);
        if (header.EqualLength) length ??= values.Count;
        if (length is { } expected && values.Count != expected)
            throw lines.Error($"expected {Fields.Plural(expected, "value", "values")} in channel {channel}, found {values.Count}. "
                + "Correct the line, or declare @equalLength false and no @seriesLength.");
        return [.. values];
    }

    private void ReadPlain(ref ReadOnlySpan<char> rest, int channel)
    {
        var colon = rest.IndexOf(':');
        var text = colon < 0 ? rest : rest[..colon];
        foreach (var field in text.Split(',')) values.Add(Fields.Value(text[field], lines, channel, values.Count));
        rest = colon < 0 ? [] : rest[colon..];
    }

    private IEnumerable<string> Warnings(List<ParsedCase> cases)
    {
        foreach (var word in header.UnknownWords.Distinct())
            yield return $"{lines.FileName}: the header line {word} is not known and was passed over.";
        if (header.HasMissing is false && cases.Sum(c => c.Series.NumMissing) is > 0 and var missing)
            yield return $"{lines.FileName}: the header says @missing false, yet {Fields.Plural(missing, "value is", "values are")} missing.";
        foreach (var warning in alignment.Warnings(lines.FileName)) yield return warning;
        if (header.HasTimeStamps)
            yield return $"{lines.FileName}: time stamps are not used; values count as evenly spaced, in the order of the file.";
        if (stamps.NumUnordered > 0)
            yield return $"{lines.FileName}: the time stamps of {Fields.Plural(stamps.NumUnordered, "channel", "channels")} do not increase.";
    }
}
