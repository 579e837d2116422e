namespace TsVlm.Data.Readers;

/// <summary>
/// The header of a <c>.ts</c> file: the lines that start with @, up to <c>@data</c>. Its words are matched without regard to case.
/// </summary>
internal sealed record TsHeader
{
    /// <summary>True when values come as <c>(stamp,value)</c>.</summary>
    public bool HasTimeStamps { get; private init; }

    /// <summary>What the header says of missing values; null where it says nothing.</summary>
    public bool? HasMissing { get; private init; }

    /// <summary>Number of channels; null where the header leaves it to the first case.</summary>
    public int? NumChannels { get; private init; }

    /// <summary>True when every case has the same length.</summary>
    public bool EqualLength { get; private init; }

    /// <summary>Length of every case; null where the header gives none.</summary>
    public int? Length { get; private init; }

    /// <summary>The classes in the header's order; empty where cases end with no label.</summary>
    public IReadOnlyList<string> Classes { get; private init; } = [];

    /// <summary>True when each case ends with a label or, in a regression file, with a number to predict.</summary>
    public bool HasTarget { get; private init; }

    /// <summary>Header words that mean nothing to this reader.</summary>
    public IReadOnlyList<string> UnknownWords { get; private init; } = [];

    /// <summary>Reads up to and including the line <c>@data</c>.</summary>
    public static TsHeader Read(LineReader lines, LabelUse labels)
    {
        var header = new TsHeader();
        var hasClassLabel = false;
        var seen = new Dictionary<string, string>();
        while (lines.Read())
        {
            var line = lines.Line;
            if (line.IsEmpty || line[0] is '#' or '%') continue;
            if (line[0] != '@')
                throw lines.Error($"expected a header line such as @classLabel or the line @data, found {Fields.Quote(line)}. "
                    + "Start comments with # and put @data before the first case.");
            var words = line.ToString().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            var word = words[0].ToLowerInvariant();
            if (word == "@data") return header.Checked(lines, labels, hasClassLabel);
            if (!seen.TryAdd(word, line.ToString()) && !seen[word].Equals(line.ToString(), StringComparison.OrdinalIgnoreCase))
                throw lines.Error($"expected one line {words[0]}, found a second that says otherwise. Remove one of them.");
            hasClassLabel |= word == "@classlabel";
            header = header.With(word, words, lines, labels);
        }
        if (lines.Number == 0) throw lines.ErrorAt(1, "expected a header and cases, found an empty file. Copy the file again.");
        throw lines.Error("expected the line @data, found the end of the file. Put @data before the first case.");
    }

    private TsHeader With(string word, string[] words, LineReader lines, LabelUse labels)
    {
        string Argument() => words.Length > 1
            ? words[1]
            : throw lines.Error($"expected a value after {words[0]}, found none. Correct the header.");
        bool Flag() => bool.TryParse(Argument(), out var value)
            ? value
            : throw lines.Error($"expected true or false after {words[0]}, found {Fields.Quote(Argument())}. Correct the header.");

        switch (word)
        {
            case "@problemname":
                return this;
            case "@timestamps":
                return this with { HasTimeStamps = Flag() };
            case "@missing":
                return this with { HasMissing = Flag() };
            case "@univariate":
                return Flag() ? this with { NumChannels = NumChannels ?? 1 } : this;
            case "@dimensions" or "@dimension":
                return this with { NumChannels = Fields.Count(Argument(), words[0], lines) };
            case "@equallength":
                return this with { EqualLength = Flag() };
            case "@serieslength":
                return this with { Length = Fields.Count(Argument(), words[0], lines) };
            case "@classlabel":
                return Flag() ? WithClasses(words[2..], lines) : labels is LabelUse.Ignored ? this : throw lines.Error(
                    "expected @classLabel true and the classes, found @classLabel false. Without labels the series can be predicted, not learned from.");
            case "@targetlabel":
                return labels is LabelUse.Ignored ? this with { HasTarget = Flag() } : throw lines.Error(
                    "expected @classLabel, found @targetLabel. This is a regression file; only classification is supported.");
            default:
                return this with { UnknownWords = [.. UnknownWords, words[0]] };
        }
    }

    private TsHeader WithClasses(string[] classes, LineReader lines)
    {
        if (classes.Length == 0)
            throw lines.Error("expected the classes after @classLabel true, found none. List every label, separated by blanks.");
        if (classes.GroupBy(c => c).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw lines.Error($"expected every class once after @classLabel true, found {Fields.Quote(twice.Key)} {twice.Count()} times. Correct the header.");
        return this with { Classes = classes, HasTarget = true };
    }

    private TsHeader Checked(LineReader lines, LabelUse labels, bool hasClassLabel) =>
        labels is LabelUse.Ignored || hasClassLabel
            ? this
            : throw lines.Error(
                "expected a line @classLabel before @data, found none. Add '@classLabel true' and every label, separated by blanks.");
}
