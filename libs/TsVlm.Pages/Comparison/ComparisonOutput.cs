using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Comparison;

/// <summary>Writes a comparison: the page, its tables, and the archive community's files.</summary>
public static class ComparisonOutput
{
    /// <summary>Name of the page.</summary>
    public const string PageName = "compare.html";

    /// <summary>Names of the tables beside it.</summary>
    public static IReadOnlyList<string> TableNames { get; } = ["ranks.csv", "friedman.csv", "pairwise.csv", "paired.csv", "scores.csv", "failures.csv"];

    /// <summary>Writes all files; those of an earlier comparison are replaced.</summary>
    /// <param name="comparison">What is written.</param>
    /// <param name="tests">The classifiers against the reference, run by run.</param>
    /// <param name="heading">What else the page tells.</param>
    /// <param name="folder">Where to; made where it is missing.</param>
    /// <param name="isRaw">Whether the tables are to be raw CSV.</param>
    public static void Write(RankComparison comparison, PairedTests tests, ReportHeading heading, string folder, bool isRaw = false)
    {
        Directory.CreateDirectory(folder);
        Table("ranks.csv", output => ComparisonTables.Ranks(comparison, output));
        Table("friedman.csv", output => ComparisonTables.Friedman(comparison, output));
        Table("pairwise.csv", output => ComparisonTables.Pairs(comparison, output));
        Table("paired.csv", output => ComparisonTables.Paired(tests, comparison.Reference, output));
        Table("scores.csv", output => ComparisonTables.Scores(comparison.Table, output));
        Table("failures.csv", output => ComparisonTables.Failures(comparison, output));
        ArchiveTables.Write(comparison.Table, Path.Combine(folder, ArchiveTables.FolderName), isRaw);
        using var page = new StreamWriter(Path.Combine(folder, PageName));
        ComparisonPage.Write(comparison, tests, heading, page);

        void Table(string name, Action<TextWriter> write) => CsvText.Write(Path.Combine(folder, name), isRaw, write);
    }
}
