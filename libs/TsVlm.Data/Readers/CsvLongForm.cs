using System.Globalization;

namespace TsVlm.Data.Readers;

/// <summary>
/// Long form: one value a row. Rows may come in any order. The time steps of a case are all the times that any of its channels has, in
/// order; a channel without a value at one of them misses it. Cases keep the order in which their ids first appear; channels are sorted by
/// name.
/// </summary>
internal static class CsvLongForm
{
    private static readonly string[] RequiredColumns = ["id", "channel", "time", "value"];

    /// <summary>True when the header is that of the long form.</summary>
    public static bool Fits(List<string> header) => header.Contains("id", StringComparer.OrdinalIgnoreCase)
        && header.Contains("value", StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the rows after the header.</summary>
    public static ParsedFile Read(LineReader lines, List<string> header, LabelUse labels)
    {
        var hasSets = header.Exists(IsSet) && !header.Exists(column => CsvFormat.IsNamed(column, CsvFormat.LabelColumn));
        var columns = Columns(lines, header, labels, hasSets ? CsvFormat.LabelSetColumn : CsvFormat.LabelColumn);
        var order = new List<LongCase>();
        var byId = new Dictionary<string, LongCase>();
        var channels = new HashSet<string>();
        while (lines.Read())
        {
            if (lines.Line.IsEmpty) continue;
            var fields = CsvLine.All(lines);
            if (fields.Count != header.Count)
                throw lines.Error($"expected {Fields.Plural(header.Count, "field", "fields")} as in the header, found {fields.Count}. Complete the line.");
            var (id, channel) = (fields[columns.Id], fields[columns.Channel]);
            if (!byId.TryGetValue(id, out var found)) order.Add(byId[id] = found = new LongCase(id, lines.Number));
            channels.Add(channel);
            if (columns.Label is { } label)
                found.SetLabel(hasSets ? LabelSets.Read(fields[label], lines) : Fields.Label(fields[label], lines), lines);
            found.Add(channel, fields[columns.Time], fields[columns.Value], lines);
        }
        if (order.Count == 0) throw lines.Error("expected one value a line after the header, found none. Copy the file again.");
        var names = Sorting.Natural(channels);
        return new ParsedFile(lines.FileName, DeclaredClasses: null,
            names, [.. order.Select(c => c.ToCase(names, lines))], []) { HasLabelSets = hasSets };

        static bool IsSet(string column) => CsvFormat.IsNamed(column, CsvFormat.LabelSetColumn);
    }

    private static (int Id, int Channel, int Time, int Value,
        int? Label) Columns(LineReader lines, List<string> header, LabelUse labels, string labelColumn)
    {
        int? Find(string name) =>
            header.FindIndex(column => column.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index ? index : null;
        var required = labels is LabelUse.Required ? [.. RequiredColumns, labelColumn] : RequiredColumns;
        if (required.Where(name => Find(name) is null).ToList() is { Count: > 0 } absent)
            throw lines.Error($"expected the columns {string.Join(',', required)}, found none named {Fields.List(absent)}. "
                + "Name every column of the long form.");
        var unknown = header.Where(name => !RequiredColumns.Append(labelColumn).Contains(name, StringComparer.OrdinalIgnoreCase)).ToList();
        if (unknown.Count > 0 || header.Distinct(StringComparer.OrdinalIgnoreCase).Count() < header.Count)
            throw lines.Error($"expected each of the columns {string.Join(',', required)} once, found {string.Join(',', header)}. Leave other columns out.");
        return (Find("id")!.Value, Find("channel")!.Value, Find("time")!.Value, Find("value")!.Value, labels is LabelUse.Required
            ? Find(labelColumn) : null);
    }

    private sealed class LongCase(string id, int line)
    {
        private readonly Dictionary<(string Channel, double Time), double> values = [];
        private readonly SortedSet<double> times = [];
        private string? label;

        public void SetLabel(string found, LineReader lines)
        {
            if ((label ??= found) != found)
                throw lines.Error($"expected label {Fields.Quote(label)} as in the lines before of id {Fields.Quote(id)}, found {Fields.Quote(found)}. "
                    + "Give all lines of a case one label.");
        }

        public void Add(string channel, string timeText, string valueText, LineReader lines)
        {
            var time = Time(timeText, lines);
            times.Add(time);
            var value = valueText.Length == 0 ? double.NaN : Value(valueText, channel, timeText, lines);
            if (!values.TryAdd((channel, time), value))
                throw lines.Error($"expected one value of id {Fields.Quote(id)}, channel {Fields.Quote(channel)} at time {Fields.Quote(timeText)}, "
                    + "found a second. Remove one of them.");
        }

        public ParsedCase ToCase(IReadOnlyList<string> channels, LineReader lines)
        {
            var present = values.Keys.Select(key => key.Channel).ToHashSet();
            if (channels.Where(channel => !present.Contains(channel)).ToList() is { Count: > 0 } absent)
                throw lines.ErrorAt(line,
                    $"expected the channels {Fields.List(channels)} in id {Fields.Quote(id)}, found none of {Fields.List(absent)}. "
                    + "Give every case every channel.");
            double[] Channel(string name) => [.. times.Select(time => values.GetValueOrDefault((name, time), double.NaN))];
            return new ParsedCase(new TimeSeries(channels.Select(Channel)), label, line);
        }

        private static double Value(string text, string channel, string time, LineReader lines)
        {
            if (text == "?") return double.NaN;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && !double.IsInfinity(value)
                ? value
                : throw lines.Error(
                    $"expected a finite number in channel {Fields.Quote(channel)} at time {Fields.Quote(time)}, found {Fields.Quote(text)}. "
                    + "Leave the cell empty where the value is missing.");
        }

        // Numbers are their own order; dates are ordered by their ticks.
        private static double Time(string text, LineReader lines)
        {
            return TimeText.TryParse(text, out var time)
                ? time
                : throw lines.Error($"expected a time, found {Fields.Quote(text)}. {TimeText.Advice}");
        }
    }
}
