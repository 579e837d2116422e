using TsVlm.Evaluation.Results;

namespace TsVlm.Evaluation.Comparison;

/// <summary>
/// Results in the layout of tsml-eval, which aeon's loaders and plots read: one row a data set, one column a classifier, <c>Estimators:</c>
/// in the corner; and for each measured classifier one row a data set and one column a resample, <c>Resamples:</c> in the corner.
/// </summary>
public static class ArchiveTables
{
    /// <summary>Name of their folder in a comparison's.</summary>
    public const string FolderName = "tsml-eval";

    private const string Accuracies = "accuracy_mean.csv";

    // Only results that tsml-eval defines in the same way have its file names; macro F1 and unweighted AUROC differ from its weighted ones.
    private static readonly (string Column, string File)[] Others =
        [("balanced_accuracy", "balacc_mean.csv"), ("nll", "logloss_mean.csv"), ("macro_f1", "f1-macro_mean.csv"), ("auroc",
            "auroc-macro_mean.csv")];

    /// <summary>
    /// Writes the tables of the data sets that every classifier has a result for; published methods are in the accuracies only.
    /// </summary>
    /// <param name="table">The comparison.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="isRaw">Whether the files are to be raw CSV.</param>
    /// <remarks>The tables and predictions of an earlier comparison in the folder are removed.</remarks>
    public static void Write(ScoreTable table, string folder, bool isRaw = false)
    {
        // Files of classifiers that an earlier comparison had would pass for ones of this.
        if (File.Exists(Path.Combine(folder, Accuracies))) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(Path.Combine(folder, "all_resamples"));
        Table(Path.Combine(folder, Accuracies), table.Classifiers, (d, c) => Math.Round(table[d, c]!.Accuracy.Mean, 6));
        List<ComparedClassifier> measured = [.. table.Classifiers.Where(c => c.Kind is not ClassifierKind.Published)];
        foreach (var (column, file) in Others)
            if (measured.Count > 0) Table(Path.Combine(folder, file), measured, (d, c) => Math.Round(table[d, c]!.Others[column], 6));
        foreach (var (classifier,
            name) in FileNames(table))
            CsvText.Write(Path.Combine(folder, "all_resamples", $"{name}_accuracy.csv"), isRaw,
                output => Resamples(table, classifier, output));

        void Table(string path, IReadOnlyList<ComparedClassifier> classifiers, Func<ComparedDataset, ComparedClassifier, double> result) =>
            CsvText.Write(path, isRaw, output =>
            {
                output.Write(CsvText.Line(["Estimators:", .. classifiers.Select(c => c.Name)]) + "\n");
                foreach (var dataset in table.Complete)
                    output.Write(CsvText.Line([dataset.Name, .. classifiers.Select(c => (object)result(dataset, c))]) + "\n");
            });
    }

    /// <summary>A name as a file or folder is called: letters, digits, dots, dashes and underscores.</summary>
    public static string FileName(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-')).Trim('.');

    /// <summary>
    /// What the files and folders of each measured classifier are called: no two alike, whether or not the file system tells capitals
    /// apart.
    /// </summary>
    public static IReadOnlyDictionary<ComparedClassifier, string> FileNames(ScoreTable table)
    {
        var (names, used) = (new Dictionary<ComparedClassifier, string>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        foreach (var classifier in table.Classifiers.Where(c => c.Kind is not ClassifierKind.Published))
        {
            var name = FileName(classifier.Name);
            for (var number = 2; !used.Add(name); number++) name = $"{FileName(classifier.Name)}-{number}";
            names[classifier] = name;
        }
        return names;
    }

    private static void Resamples(ScoreTable table, ComparedClassifier classifier, TextWriter output)
    {
        var resamples = table.Datasets.SelectMany(d => table[d, classifier]?.ByResample.Keys ?? []).Distinct().Order().ToList();
        output.Write(CsvText.Line(["Resamples:", .. resamples]) + "\n");
        foreach (var dataset in table.Datasets)
        {
            if (table[dataset, classifier] is { } score)
                output.Write(CsvText.Line([dataset.Name,
                    .. resamples.Select(r => (object)Math.Round(score.ByResample.GetValueOrDefault(r, double.NaN), 6))]) + "\n");
        }
    }
}
