namespace TsVlm.Data;

/// <summary>A series with its class.</summary>
/// <param name="Series">The series.</param>
/// <param name="Label">The class, letter for letter as in the file.</param>
public sealed record LabelledSeries(TimeSeries Series, string Label);

/// <summary>
/// Labelled series with the archive's own split. A case's number counts through the training file first, then the test file,
/// from 0; it names the case in splits, predictions and reports.
/// </summary>
public sealed class Dataset
{
    /// <summary>Takes the two parts of the archive's split; either may be empty where an archive has no split.</summary>
    /// <param name="name">What the archive calls it.</param>
    /// <param name="classes">Every class, in the order of the header or else sorted; a label outside is an error.</param>
    /// <param name="train">The archive's training cases.</param>
    /// <param name="test">The archive's test cases.</param>
    /// <param name="warnings">What a user should know of the data, one sentence each.</param>
    public Dataset(
        string name, IReadOnlyList<string> classes, IReadOnlyList<LabelledSeries> train, IReadOnlyList<LabelledSeries> test,
        IReadOnlyList<string> warnings)
    {
        Name = name;
        Classes = classes;
        NumOfficialTrain = train.Count;
        Warnings = warnings;
        Cases = [.. train, .. test];
        var known = classes.ToHashSet();
        if (known.Count != classes.Count)
            throw new ArgumentException($"{name}: expected every class once, found {string.Join(", ", classes)}.", nameof(classes));
        if (Cases.FirstOrDefault(c => !known.Contains(c.Label)) is { } stray)
            throw new ArgumentException($"{name}: label '{stray.Label}' is not among the classes {string.Join(", ", classes)}.",
                nameof(classes));
    }

    /// <summary>What the archive calls it.</summary>
    public string Name { get; }

    /// <summary>Every class, in the archive's order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>All cases, the training file's first.</summary>
    public IReadOnlyList<LabelledSeries> Cases { get; }

    /// <summary>Whether each class is a set of labels; see <see cref="Data.LabelSets"/>.</summary>
    /// <exception cref="ArgumentException">A class is none.</exception>
    public bool HasLabelSets
    {
        get;
        init => field = !value || Classes.All(LabelSets.IsClass)
            ? value
            : throw new ArgumentException(
                $"{Name}: expected classes that are sets of labels, found {Fields.Quote(Classes.First(c => !LabelSets.IsClass(c)))}.",
                nameof(value));
    }

    /// <summary>What each class means in words, in the order of <see cref="Classes"/>; null where the archive says nothing.</summary>
    /// <exception cref="ArgumentException">Another number of texts than classes, an empty text, or one twice.</exception>
    public IReadOnlyList<string>? ClassTexts
    {
        get;
        init => field = value is null
            || (value.Count == Classes.Count && !value.Any(string.IsNullOrWhiteSpace) && value.Distinct().Count() == value.Count)
            ? value
            : throw new ArgumentException(
                $"{Name}: expected a different text for each of {Classes.Count} classes, found {Fields.List([.. value])}.", nameof(value));
    }

    /// <summary>How many of <see cref="Cases"/> are the archive's training cases.</summary>
    public int NumOfficialTrain { get; }

    /// <summary>What a user should know of the data, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The same data set with these cases instead, as many and in the same order.</summary>
    public Dataset WithCases(IReadOnlyList<LabelledSeries> cases) =>
        new(Name, Classes, [.. cases.Take(NumOfficialTrain)], [.. cases.Skip(NumOfficialTrain)], Warnings) { HasLabelSets = HasLabelSets,
            ClassTexts = ClassTexts };
}
