using TsVlm.Data;
using TsVlm.Data.Readers;
using TsVlm.Evaluation.Results;

namespace TsVlm.Evaluation.Comparison;

/// <summary>
/// Predictions of compared runs in tsml's file format, as tsml-eval and aeon load them:
/// <c>CLASSIFIER/Predictions/DATASET/testResampleN.csv</c> with three lines of facts, then true class, predicted class, an empty field and
/// the probability of each class a case; classes are numbered in the data set's order.
/// </summary>
public static class PredictionExport
{
    /// <summary>
    /// Writes a file for each compared run whose folder lies beside its results.csv; a classifier with several seeds gets a folder for
    /// each.
    /// </summary>
    /// <param name="table">The comparison.</param>
    /// <param name="results">Folders of <c>tsvlm run</c>, or results.csv files in them.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="isRaw">Whether the files are to be raw CSV.</param>
    /// <returns>Files written.</returns>
    /// <exception cref="DataException">A predictions.csv is not as expected.</exception>
    public static int Write(ScoreTable table, IEnumerable<string> results, string folder, bool isRaw = false)
    {
        var seeded = table.Runs.GroupBy(r => r.Classifier).Where(g => g.CountBy(r => (r.Row.Dataset, r.Row.Resample)).Any(c => c.Value > 1))
            .Select(g => g.Key).ToHashSet();
        var (names, numFiles) = (ArchiveTables.FileNames(table), 0);
        foreach (var run in RunPredictions.Of(table, results))
        {
            var (classifier, row) = (run.Classifier, run.Row);
            var name = names[classifier] + (seeded.Contains(classifier) ? $"_seed{row.Seed}" : "");
            var target = Directory.CreateDirectory(Path.Combine(folder, name, "Predictions", ArchiveTables.FileName(row.Dataset)));
            CsvText.Write(Path.Combine(target.FullName, $"testResample{row.Resample}.csv"), isRaw,
                output => Write(output, name, row, run.Cases));
            numFiles++;
        }
        return numFiles;
    }

    private static void Write(TextWriter output, string name, ResultRow row, IReadOnlyList<CsvRow> cases)
    {
        const string Prefix = "probability_";
        List<string> columns = [.. cases[0].Columns.Where(c => c.StartsWith(Prefix, StringComparison.Ordinal))];
        List<string> classes = [.. columns.Select(c => c[Prefix.Length..])];
        output.Write(CsvText.Line([row.Dataset, name, "TEST", row.Resample, "MILLISECONDS", "classes", .. classes]) + "\n");
        output.Write(CsvText.Line("seed", row.Seed, "protocol", row.Protocol, "scenario", row.Scenario, "model", row.Model) + "\n");
        // Accuracy, time to train, time to predict, benchmark, memory, classes, and how an estimate on the training cases was made; -1 is
        // unknown.
        output.Write(CsvText.Line(row.Accuracy, Milliseconds("train_seconds"), Milliseconds("eval_seconds"), -1, -1, classes.Count, "", -1,
            -1) + "\n");
        foreach (var line in cases)
            output.Write(CsvText.Line([Number(line, "label"), Number(line, "prediction"), "",
                .. columns.Select(c => (object)line.Share(c))]) + "\n");

        int Number(CsvRow line, string column) => classes.IndexOf(line.Text(column)) is var index and >= 0
            ? index
            : throw new DataException(
                $"{line.Place}: expected one of the classes {string.Join(", ", classes)} in column {column}, found {line.Text(column)}. Run again.");

        double Milliseconds(string column) => double.IsNaN(row.Others[column]) ? -1 : Math.Round(1000 * row.Others[column]);
    }
}
