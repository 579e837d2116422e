using TsVlm.Contracts;
using TsVlm.Data;

namespace TsVlm.Evaluation.Results;

/// <summary>
/// The tables of a folder that several experiments share: each keeps the rows of all of them. A row belongs to a run by its first columns;
/// a later run of the same data set, split, seed, scenario and model replaces an earlier one.
/// </summary>
public static class SharedTables
{
    private static readonly (string Name, string Header)[] Tables =
        [(ArtifactFiles.Results, ResultsCsv.Header), .. ConfidenceCsv.Files.Select(file => (file.Name, HeaderOf(file)))];

    /// <summary>Refuses a folder whose tables have other columns, before anything is done that ends in them.</summary>
    /// <exception cref="DataException">A table has other columns.</exception>
    public static void Check(string folder)
    {
        foreach (var (name, header) in Tables)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path) || File.ReadLines(path).FirstOrDefault() is not { } found || found == header) continue;
            throw new DataException(
                $"{path}(1): expected the columns {header}, found {found}. Another version wrote it: move it away, or choose another folder with --out.");
        }
    }

    /// <summary>Brings the tables of an experiment into the shared ones.</summary>
    /// <param name="folder">Folder of the shared tables.</param>
    /// <param name="experiment">Folder of the experiment's own.</param>
    /// <param name="runs">All runs of the experiment; earlier rows of theirs go.</param>
    /// <param name="isRaw">Whether the shared tables are to be raw CSV; rows of either kind come in and stay.</param>
    /// <exception cref="DataException">A table has other columns, or a byte in it is no text.</exception>
    public static MergedRows Merge(string folder, string experiment, IReadOnlyList<RunSpec> runs, bool isRaw = false)
    {
        Check(folder);
        var own = runs.Select(run => CsvText.Line(ResultsCsv.RunFields(run))).ToHashSet();
        var merged = new MergedRows(0, 0);
        foreach (var (name, header) in Tables)
        {
            var (shared, added) = (Rows(Path.Combine(folder, name)), Rows(Path.Combine(experiment, name)));
            var kept = shared.Where(row => !own.Contains(KeyOf(row))).ToList();
            if (name == ArtifactFiles.Results)
                merged = new(kept.Count, shared.Count - kept.Count - shared.Count(added.ToHashSet().Contains));
            var draft = Path.Combine(folder, name + ".draft");
            var rows = kept.Concat(added).Select(row => isRaw ? CsvRecord.AsRaw(row) : row);
            File.WriteAllText(draft, string.Concat(rows.Prepend(header).Select(row => row + "\n")));
            File.Move(draft, Path.Combine(folder, name), overwrite: true);
        }
        return merged;
    }

    private static string HeaderOf((string Name, Action<TextWriter, IReadOnlyList<ReportRun>> Write) file)
    {
        var text = new StringWriter();
        file.Write(text, []);
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>The fields that name the run.</summary>
    private static string KeyOf(string row) => CsvRecord.Of([.. CsvRecord.Cells(row).Take(ResultsCsv.RunColumns.Split(',').Length)]);

    /// <summary>The rows of a table below its header, escaped whether or not the file is.</summary>
    private static List<string> Rows(string path) => !File.Exists(path) ? []
        : [.. CsvRecord.All(TextFile.Read(path)).Where(record => record.Length > 0).Skip(1).Select(CsvRecord.AsEscaped)];
}

/// <summary>What became of the rows that results.csv had.</summary>
/// <param name="NumKept">Rows of other experiments that are still there.</param>
/// <param name="NumReplaced">Rows of the same names with other results, which are not there any more.</param>
public sealed record MergedRows(int NumKept, int NumReplaced);
