using TsVlm.Evaluation.Comparison;

namespace TsVlm.Pages.Comparison;

/// <summary>Writes a comparison: the page, its tables, and the archive community's files.</summary>
public static class ComparisonOutput
{
    /// <summary>Name of the page.</summary>
    public const string PageName = "compare.html";

    /// <summary>Writes all files; those of an earlier comparison are replaced.</summary>
    /// <param name="comparison">What is written.</param>
    /// <param name="heading">What else the page tells.</param>
    /// <param name="folder">Where to; made where it is missing.</param>
    public static void Write(RankComparison comparison, ReportHeading heading, string folder)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "ranks.csv", output => ComparisonTables.Ranks(comparison, output));
        Write(folder, "friedman.csv", output => ComparisonTables.Friedman(comparison, output));
        Write(folder, "pairwise.csv", output => ComparisonTables.Pairs(comparison, output));
        Write(folder, "scores.csv", output => ComparisonTables.Scores(comparison.Table, output));
        Write(folder, "failures.csv", output => ComparisonTables.Failures(comparison, output));
        ArchiveTables.Write(comparison.Table, Path.Combine(folder, ArchiveTables.FolderName));
        Write(folder, PageName, output => ComparisonPage.Write(comparison, heading, output));
    }

    private static void Write(string folder, string name, Action<TextWriter> write)
    {
        using var output = new StreamWriter(Path.Combine(folder, name));
        write(output);
    }
}
