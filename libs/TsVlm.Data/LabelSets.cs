namespace TsVlm.Data;

/// <summary>
/// Cases with several labels or none: each set of labels that occurs is one class, named by its labels in the order of their characters
/// with <c>|</c> between them (label powerset: Tsoumakas and Katakis 2007, "Multi-Label Classification: An Overview", International Journal
/// of Data Warehousing and Mining 3(3)).
/// </summary>
public static class LabelSets
{
    /// <summary>Between two labels of a set.</summary>
    public const char Separator = '|';

    /// <summary>The class of a case without a label.</summary>
    public const string NoLabel = "none";

    /// <summary>The labels of a class; none for <see cref="NoLabel"/>.</summary>
    public static IReadOnlyList<string> LabelsOf(string className) => className == NoLabel ? [] : className.Split(Separator);

    /// <summary>Every label of the classes once, in the order of their characters.</summary>
    public static IReadOnlyList<string> Labels(IEnumerable<string> classes) =>
        [.. classes.SelectMany(LabelsOf).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Why the text is no class of a set of labels, as the second half of an error; null where it is one.</summary>
    public static string? Problem(string className)
    {
        if (className == NoLabel) return null;
        var labels = className.Split(Separator);
        if (labels.Any(string.IsNullOrWhiteSpace))
            return $"expected a label on both sides of every {Separator}, found {Fields.Quote(className)}. Take out the {Separator}, or name the label.";
        if (labels.GroupBy(label => label.Trim()).FirstOrDefault(same => same.Count() > 1) is { } twice)
            return $"expected each label once in a set, found {Fields.Quote(twice.Key)} {twice.Count()} times. Remove the repeated ones.";
        if (labels.Any(label => label.Trim() == NoLabel))
            return $"expected '{NoLabel}' alone, which stands for no label, found {Fields.Quote(className)}. Rename the label.";
        return null;
    }

    /// <summary>The class of a cell's labels, which may come in any order; an empty cell is <see cref="NoLabel"/>.</summary>
    /// <exception cref="DataException">A label without a name, one twice, or not UTF-8.</exception>
    internal static string Read(ReadOnlySpan<char> cell, LineReader lines)
    {
        if (cell.Trim().IsEmpty) return NoLabel;
        var text = Fields.Label(cell, lines);
        return Problem(text) is { } problem ? throw lines.Error(problem) : Named(text.Split(Separator).Select(label => label.Trim()));
    }

    /// <summary>True for a class as <see cref="Read"/> names it.</summary>
    internal static bool IsClass(string className) =>
        Problem(className) is null && Named(className.Split(Separator).Select(label => label.Trim())) == className;

    private static string Named(IEnumerable<string> labels) => string.Join(Separator, labels.Order(StringComparer.Ordinal));
}
