namespace TsVlm.Data.Readers;

/// <summary>
/// Reads data sets from a folder: <c>NAME/NAME_TRAIN.ext</c> and <c>NAME/NAME_TEST.ext</c>, the same files directly in the folder,
/// or <c>NAME.csv</c> without a split; beside them <c>NAME_LABELS.csv</c> may say in words what labels mean.
/// Types, the preferred first: <c>.ts</c>, <c>.arff</c>, <c>.tsv</c>, <c>.txt</c>, <c>.csv</c>.
/// </summary>
public static class DatasetReader
{
    /// <summary>Extensions of the files that are read, the preferred first.</summary>
    public static IReadOnlyList<string> Extensions { get; } = DatasetFiles.Extensions.Split(", ");

    /// <summary>Names of all data sets of the folder, sorted; a <c>NAME.csv</c> counts when its header has a column label.</summary>
    /// <exception cref="DataException">No such folder.</exception>
    public static IReadOnlyList<string> List(string directory)
    {
        RequireFolder(directory);
        return DatasetFiles.Names(directory);
    }

    /// <summary>
    /// Files of the folder that are named like those of a data set and are not read (compressed, of another type, in other letter case, a
    /// test file alone): a sentence for each.
    /// </summary>
    /// <exception cref="DataException">No such folder.</exception>
    public static IReadOnlyList<string> ListIgnored(string directory)
    {
        RequireFolder(directory);
        return IgnoredFiles.Notes(directory);
    }

    /// <summary>Reads one data set; what a user should know of it is in <see cref="Dataset.Warnings"/>.</summary>
    /// <exception cref="DataException">No such data set, a name that leaves the folder, or content that cannot be used.</exception>
    public static Dataset Read(string directory, string name)
    {
        RequireFolder(directory);
        CheckName(name);
        var files = DatasetFiles.Find(directory, name) ?? throw Missing(directory, name);
        var train = ReadFile(files.Train);
        var test = files.Test is null ? null : ReadFile(files.Test);
        var classes = train.DeclaredClasses ?? Sorting.Natural(ClassCases(train, test).Select(c => c.Label!));
        RequireConsistent(train, test);
        var (trainCases, testCases) = (Labelled(train), test is null ? [] : Labelled(test));
        var warnings = train.Warnings
            .Concat(test?.Warnings ?? [])
            .Concat(SplitWarnings(files))
            .Concat(LabelSetWarnings(train, classes))
            .Concat(DatasetFindings.Of(classes, trainCases, testCases));
        return new Dataset(name, classes, trainCases, testCases, [.. warnings])
        {
            HasLabelSets = train.HasLabelSets,
            ClassTexts = LabelTexts.Read(Path.GetDirectoryName(files.Train)!, name, classes, train.HasLabelSets),
        };
    }

    /// <summary>Changes when the files of a data set do: their names, sizes and times; empty where there are none.</summary>
    /// <exception cref="DataException">No such folder, or a name that leaves it.</exception>
    public static string StateOf(string directory, string name)
    {
        RequireFolder(directory);
        CheckName(name);
        return DatasetFiles.Find(directory, name) is { } files
            ? string.Join('|', new[] { files.Train, files.Test, LabelTexts.PathOf(Path.GetDirectoryName(files.Train)!, name) }.OfType<string>()
                .Select(path => new FileInfo(path)).Where(file => file.Exists)
                .Select(file => FormattableString.Invariant($"{file.FullName}:{file.Length}:{file.LastWriteTimeUtc.Ticks}")))
            : "";
    }

    /// <summary>
    /// Reads new series, in the order of the file, each with its place there; labels may be absent, those present are ignored.
    /// </summary>
    /// <exception cref="DataException">No such file, content that cannot be used, or a series without any value.</exception>
    public static IReadOnlyList<NewSeries> ReadUnlabelled(string path)
    {
        var read = DatasetFiles.FormatOf(path);
        using var lines = new LineReader(path);
        var file = read(lines, LabelUse.Ignored);
        var series = file.Cases.Select(found => new NewSeries(found.Series, $"{file.FileName}({found.Line})")).ToList();
        if (series.Find(one => one.Series.NumMissing == one.Series.NumChannels * one.Series.Length) is { } empty)
            throw new DataException($"{empty.Place}: expected a series with values, found missing ones alone. Remove it from the file.");
        return series;
    }

    private static ParsedFile ReadFile(string path)
    {
        var read = DatasetFiles.FormatOf(path);
        using var lines = new LineReader(path);
        return read(lines, LabelUse.Required);
    }

    private static List<LabelledSeries> Labelled(ParsedFile file) => [.. file.Cases.Select(c => new LabelledSeries(c.Series, c.Label!))];

    // A set of labels that only test cases have is a class too: its labels can be learnt from other sets.
    private static IEnumerable<ParsedCase> ClassCases(ParsedFile train, ParsedFile? test) =>
        train.HasLabelSets && test is not null ? train.Cases.Concat(test.Cases) : train.Cases;

    private static void RequireConsistent(ParsedFile train, ParsedFile? test)
    {
        if (test is null) return;
        if (train.HasLabelSets != test.HasLabelSets)
            throw new DataException(
                $"{test.FileName}(1): expected the column {(train.HasLabelSets ? "labels" : "label")} as in {train.FileName}, "
                + $"found {(test.HasLabelSets ? "labels" : "label")}. Give both files one label a case, or sets of labels.");
        var learned = train.Cases.Select(c => c.Label).ToHashSet();
        var numChannels = train.Cases[0].Series.NumChannels;
        foreach (var found in test.Cases)
        {
            if (!train.HasLabelSets && !learned.Contains(found.Label))
                throw new DataException($"{test.FileName}({found.Line}): expected a label that {train.FileName} has a case of, "
                    + $"found {Fields.Quote(found.Label)}. "
                    + "Add training cases of the class, or remove its test cases.");
            if (found.Series.NumChannels != numChannels)
                throw new DataException(
                    $"{test.FileName}({found.Line}): expected {Fields.Plural(numChannels, "channel", "channels")} as in {train.FileName}, "
                    + $"found {found.Series.NumChannels}. Give both files the same channels.");
        }
        if (train.ChannelNames is { } names && test.ChannelNames is { } others && !names.SequenceEqual(others))
            throw new DataException($"{test.FileName}(1): expected the channels {Fields.List([.. names])} as in {train.FileName}, "
                + $"found {Fields.List([.. others])}. Give both files the same channels.");
    }

    private static IEnumerable<string> SplitWarnings(DatasetFiles files)
    {
        if (!files.HasSplit)
            yield return $"{Path.GetFileName(files.Train)} has no split: all cases count as training cases, and only protocol 80-10-10 applies.";
        else if (files.Test is null)
            yield return $"{Path.GetFileName(files.Train)} has no test file beside it: only protocol 80-10-10 applies.";
    }

    private static IEnumerable<string> LabelSetWarnings(ParsedFile train, IReadOnlyList<string> classes)
    {
        if (train.HasLabelSets)
            yield return $"Cases have sets of labels: {Fields.Plural(LabelSets.Labels(classes).Count, "label", "labels")} in "
                + $"{Fields.Plural(classes.Count, "combination", "combinations")}, each of which is a class. Another combination cannot be answered.";
    }

    private static void RequireFolder(string directory)
    {
        if (!Directory.Exists(directory))
            throw new DataException($"{directory}: expected a folder of data sets, found none. Check the path.");
    }

    /// <summary>Checks that a name can be that of a data set's files inside a folder.</summary>
    /// <exception cref="DataException">It leads out of the folder, or has control or invisible characters.</exception>
    public static void CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name is "." or ".." || name.AsSpan().ContainsAny("/\\:\0"))
            throw new DataException($"Data set {Fields.Quote(name)}: expected the name of a data set inside the folder, found a path. "
                + "Give the name alone and the folder separately.");
        if (VisibleText.HasHidden(name))
            throw new DataException(
                $"Data set {Fields.Quote(name)}: expected a name without control and invisible characters. Rename its files.");
    }

    private static DataException Missing(string directory, string name)
    {
        var names = DatasetFiles.Names(directory);
        return new DataException(
            $"{directory}: expected {name}/{name}_TRAIN.ts (or .arff, .tsv, .txt, .csv) or {name}.csv, found no such file. "
            + (names.Count == 0 ? "The folder holds no data set." : $"The folder holds {Fields.List([.. names])}.")
            + string.Concat(IgnoredFiles.Notes(directory, name).Take(1).Select(note => $" Not read: {note}")));
    }
}
