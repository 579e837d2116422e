namespace TsVlm.Data.Readers;

/// <summary>
/// The files of one data set. A folder holds <c>NAME/NAME_TRAIN.ext</c> and <c>NAME/NAME_TEST.ext</c>, or both directly, or <c>NAME.csv</c>
/// where there is no split. Where several would do, a pair goes before a training file alone, the folder NAME before the files beside it,
/// and then <c>.ts</c> before <c>.arff</c>, <c>.tsv</c>, <c>.txt</c> and <c>.csv</c>.
/// </summary>
/// <param name="Train">The training cases, or all cases where there is no split.</param>
/// <param name="Test">The test cases; null where there is no such file.</param>
/// <param name="HasSplit">False for <c>NAME.csv</c>.</param>
internal sealed record DatasetFiles(string Train, string? Test, bool HasSplit)
{
    /// <summary>End of a training file's name, before its extension.</summary>
    public const string TrainSuffix = "_TRAIN";

    /// <summary>End of a test file's name, before its extension.</summary>
    public const string TestSuffix = "_TEST";

    private const string NoSplitExtension = ".csv";

    private static readonly (string Extension, FileFormat Read)[] Formats =
    [
        (".ts", TsFormat.Read),
        (".arff", ArffFormat.Read),
        (".tsv", UcrFormat.ReadTsv),
        (".txt", UcrFormat.ReadTxt),
        (".csv", CsvFormat.Read),
    ];

    /// <summary>The extensions that are read, the preferred first.</summary>
    public static string Extensions { get; } = string.Join(", ", Formats.Select(format => format.Extension));

    /// <summary>Whether files of that extension are read.</summary>
    public static bool IsReadable(string extension, StringComparison comparison) =>
        Array.Exists(Formats, format => format.Extension.Equals(extension, comparison));

    /// <summary>The reader for the file's extension.</summary>
    /// <exception cref="DataException">No reader for it.</exception>
    public static FileFormat FormatOf(string path)
    {
        var extension = Path.GetExtension(path);
        return Formats.FirstOrDefault(format => format.Extension.Equals(extension, StringComparison.OrdinalIgnoreCase)).Read
            ?? throw new DataException(
                $"{Path.GetFileName(path)}: expected a file of type {Extensions}, "
                + $"found {Fields.Quote(extension)}. Convert the file to one of these.");
    }

    /// <summary>Names of all data sets of the folder, sorted by character code; none has hidden characters.</summary>
    public static IReadOnlyList<string> Names(string directory)
    {
        var beside = Directory.EnumerateFiles(directory).Select(NameOf);
        var inside = Directory.EnumerateDirectories(directory)
            .Select(Path.GetFileName).OfType<string>().Where(name => Find(directory, name) is not null);
        return
        [
            .. beside.OfType<string>().Concat(inside).Where(name => !VisibleText.HasHidden(name)).Distinct().Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The files of that data set; null where there is no training file.</summary>
    public static DatasetFiles? Find(string directory, string name)
    {
        var candidates = (
            from folder in new[] { Path.Combine(directory, name), directory }
            from format in Formats
            let stem = Path.Combine(folder, name)
            let train = $"{stem}{TrainSuffix}{format.Extension}"
            let test = $"{stem}{TestSuffix}{format.Extension}"
            where File.Exists(train)
            select new DatasetFiles(train, File.Exists(test) ? test : null, HasSplit: true)).ToList();
        return candidates.Find(files => files.Test is not null)
            ?? candidates.FirstOrDefault()
            ?? WithoutSplit(Path.Combine(directory, name, name))
            ?? WithoutSplit(Path.Combine(directory, name));
    }

    private static DatasetFiles? WithoutSplit(string stem) =>
        File.Exists(stem + NoSplitExtension) ? new DatasetFiles(stem + NoSplitExtension, Test: null, HasSplit: false) : null;

    private static string? NameOf(string path)
    {
        var (stem, extension) = (Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
        if (!IsReadable(extension, StringComparison.Ordinal)) return null;
        if (stem.EndsWith(TrainSuffix, StringComparison.Ordinal)) return stem[..^TrainSuffix.Length];
        if (stem.EndsWith(TestSuffix, StringComparison.Ordinal) || stem.EndsWith(LabelTexts.Suffix, StringComparison.Ordinal)
            || extension != NoSplitExtension) return null;
        try
        {
            using var lines = new LineReader(path);
            return CsvFormat.HasLabels(lines) ? stem : null;
        }
        catch (DataException)
        {
            return stem;   // reading it gives the reason
        }
    }
}
