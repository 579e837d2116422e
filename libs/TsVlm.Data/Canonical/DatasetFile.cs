namespace TsVlm.Data.Canonical;

/// <summary>
/// The canonical binary form of a data set, exact and equal wherever the data came from. Little-endian:
/// <list type="number">
/// <item>content: the magic <c>TSVLMDS1</c>; name; classes; number of training cases and of all cases; of each case the index of its class,
/// the numbers of channels and time steps, and its values as float64, channel by channel, every missing value as the same NaN;</item>
/// <item>
/// only where classes are sets of labels or have texts, and then the magic is <c>TSVLMDS2</c>: an int32, 1 for sets; the texts, none or one
/// for each class;
/// </item>
/// <item>warnings;</item>
/// <item>SHA-256 of all bytes before.</item>
/// </list>
/// Counts are int32, texts an int32 of bytes and UTF-8, lists an int32 of entries and the entries.
/// </summary>
public static class DatasetFile
{
    /// <summary>Writes the canonical form; the stream stays open.</summary>
    public static void Write(Dataset dataset, Stream stream)
    {
        using var writer = new CanonicalWriter(stream);
        WriteContent(dataset, writer);
        writer.Texts(dataset.Warnings);
        writer.Checksum();
    }

    /// <summary>Reads what <see cref="Write"/> wrote; the stream stays open.</summary>
    /// <exception cref="DataException">
    /// Another kind of file, a truncated or changed one, no class, no training case, an infinite value, or a text that is not UTF-8; the
    /// message says at which byte, and in which case, channel and time step.
    /// </exception>
    public static Dataset Read(Stream stream)
    {
        using var reader = new CanonicalReader(stream);
        try
        {
            return ReadChecked(reader);
        }
        catch (EndOfStreamException)
        {
            throw reader.Error("expected more bytes, found the end", "The file is truncated");
        }
    }

    /// <summary>
    /// Lower-case hexadecimal SHA-256 of the content: name, classes, split, labels and values in order, and what is known of the classes
    /// beside their names.
    /// Warnings do not count, so the hash is the same whatever file format the data came from.
    /// </summary>
    public static string ContentHash(Dataset dataset)
    {
        using var writer = new CanonicalWriter(Stream.Null);
        WriteContent(dataset, writer);
        return Convert.ToHexStringLower(writer.Hash());
    }

    private static void WriteContent(Dataset dataset, CanonicalWriter writer)
    {
        var saysMore = dataset.HasLabelSets || dataset.ClassTexts is not null;
        writer.Magic(saysMore);
        writer.Text(dataset.Name);
        writer.Texts(dataset.Classes);
        writer.Count(dataset.NumOfficialTrain);
        writer.Count(dataset.Cases.Count);
        var indices = dataset.Classes.Index().ToDictionary(c => c.Item, c => c.Index);
        foreach (var (series, label) in dataset.Cases)
        {
            writer.Count(indices[label]);
            writer.Count(series.NumChannels);
            writer.Count(series.Length);
            for (var channel = 0; channel < series.NumChannels; channel++) writer.Values(series.Channel(channel));
        }
        if (!saysMore) return;
        writer.Count(dataset.HasLabelSets ? 1 : 0);
        writer.Texts(dataset.ClassTexts ?? []);
    }

    private static Dataset ReadChecked(CanonicalReader reader)
    {
        var saysMore = reader.Magic();
        var name = reader.Text("the name");
        var classes = reader.Texts("class", "classes");
        if (classes.Count == 0) throw reader.Error("expected at least one class, found none", "It holds nothing to learn");
        if (classes.Distinct().Count() < classes.Count)
            throw reader.Error("expected every class once, found one twice", "The file is damaged");
        var numTrain = reader.Count(int.MaxValue, "number of training cases");
        var numCases = reader.Count(int.MaxValue, "number of cases");
        if (numTrain > numCases) throw reader.Error($"expected at most {numCases} training cases, found {numTrain}", "The file is damaged");
        if (numTrain == 0)
            throw reader.Error($"expected at least one training case, found none among {Fields.Plural(numCases, "case", "cases")}",
                "Without a split, all cases count as training cases");
        var cases = new List<LabelledSeries>();
        for (var i = 0; i < numCases; i++) cases.Add(ReadCase(reader, classes, i));
        var hasLabelSets = saysMore && reader.Count(1, "mark of sets of labels") == 1;
        if (hasLabelSets && !classes.All(LabelSets.IsClass))
            throw reader.Error("expected classes that are sets of labels, found another", "The file is damaged");
        var texts = saysMore ? reader.Texts("text of class", "texts of classes") : [];
        if (texts.Count > 0 && (texts.Count != classes.Count || texts.Any(string.IsNullOrWhiteSpace)
            || texts.Distinct().Count() < texts.Count))
            throw reader.Error($"expected {classes.Count} different texts of classes, found others", "The file is damaged");
        var warnings = reader.Texts("warning", "warnings");
        reader.Checksum();
        return new Dataset(name, classes, [.. cases.Take(numTrain)], [.. cases.Skip(numTrain)], warnings)
        {
            HasLabelSets = hasLabelSets,
            ClassTexts = texts.Count == 0 ? null : texts,
        };
    }

    private static LabelledSeries ReadCase(CanonicalReader reader, List<string> classes, int number)
    {
        var label = classes[reader.Count(classes.Count - 1, $"class index of case {number}")];
        var numChannels = reader.Count(int.MaxValue, $"number of channels of case {number}");
        var length = reader.Count(Array.MaxLength, $"number of time steps of case {number}");
        if (numChannels == 0 || length == 0)
            throw reader.Error($"expected values in case {number}, found {numChannels} channels of {length} time steps", "The file is damaged");
        var channels = new List<double[]>();
        for (var channel = 0; channel < numChannels; channel++) channels.Add(reader.Values(length, $"case {number}, channel {channel}"));
        return new LabelledSeries(new TimeSeries(channels), label);
    }
}
