namespace TsVlm.Data.Readers;

/// <summary>
/// Texts for labels that are codes: <c>NAME_LABELS.csv</c> beside the data set's files, with the columns <c>label</c> and <c>text</c>. The
/// text of a set of labels is that of its labels, joined by "and".
/// </summary>
internal static class LabelTexts
{
    /// <summary>End of the file's name.</summary>
    public const string Suffix = "_LABELS";

    /// <summary>Where the file of a data set is, whether or not it is there.</summary>
    public static string PathOf(string folder, string name) => Path.Combine(folder, $"{name}{Suffix}.csv");

    /// <summary>The text of each class in their order; null where there is no such file.</summary>
    /// <param name="folder">Where the data set's files are.</param>
    /// <param name="name">Name of the data set.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="hasLabelSets">Whether each is a set of labels.</param>
    /// <exception cref="DataException">A label that is missing, unknown or there twice, or two texts that are the same.</exception>
    public static IReadOnlyList<string>? Read(string folder, string name, IReadOnlyList<string> classes, bool hasLabelSets)
    {
        var path = PathOf(folder, name);
        if (!File.Exists(path)) return null;
        var labels = hasLabelSets ? LabelSets.Labels(classes) : classes;
        var (texts, places) = (new Dictionary<string, string>(), new Dictionary<string, string>());
        foreach (var row in CsvTable.Read(path, "label", "text"))
        {
            var (label, text) = (row.Text("label"), row.Text("text").Trim());
            if (!labels.Contains(label))
                throw new DataException(
                    $"{row.Place}: expected a label of the data set, {Fields.List([.. labels])}, found {Fields.Quote(label)}. "
                    + "Correct the label or remove the line.");
            if (text.Length == 0 || (hasLabelSets && text == LabelSets.NoLabel))
                throw new DataException(
                    $"{row.Place}: expected a text for label {Fields.Quote(label)}, found {Fields.Quote(text)}. Say in words what the label means.");
            if (VisibleText.HasHidden(text))
                throw new DataException(
                    $"{row.Place}: expected a text without control and invisible characters, found {Fields.Quote(text)}. Remove them.");
            if (!texts.TryAdd(label, text))
                throw new DataException(
                    $"{row.Place}: expected one line for each label, found a second for {Fields.Quote(label)}. Remove one of them.");
            if (!places.TryAdd(text, row.Place))
                throw new DataException(
                    $"{row.Place}: expected a different text for each label, found {Fields.Quote(text)} as in {places[text]} before. Make them different.");
        }
        if (labels.Where(label => !texts.ContainsKey(label)).ToList() is { Count: > 0 } missing)
            throw new DataException(
                $"{path}: expected a text for every label of the data set, found none for {Fields.List(missing)}. Add a line for each.");
        if (!hasLabelSets) return [.. classes.Select(label => texts[label])];
        string[] joined = [.. classes.Select(set => set == LabelSets.NoLabel
            ? set : string.Join(" and ", LabelSets.LabelsOf(set).Select(label => texts[label])))];
        return joined.GroupBy(text => text).FirstOrDefault(same => same.Count() > 1) is { Key: var twice }
            ? throw new DataException(
                $"{path}: expected a different text for each set of labels, found {Fields.Quote(twice)} for two. Leave 'and' out of the texts.")
            : joined;
    }
}
