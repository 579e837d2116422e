using TsVlm.Evaluation.Results;

namespace TsVlm.Evaluation.Comparison;

/// <summary>The comparison's results as CSV; what is not defined is an empty field.</summary>
public static class ComparisonTables
{
    private const int Decimals = 6;

    /// <summary>Writes ranks.csv: the mean rank and mean score of each classifier.</summary>
    public static void Ranks(RankComparison comparison, TextWriter output)
    {
        Line(output, "classifier", "kind", "num_datasets", "mean_rank", "mean_accuracy", "best_on", "mean_seconds");
        foreach (var ranked in comparison.Ranked)
            Line(output, ranked.Classifier.Name, Kind(ranked.Classifier), comparison.Table.Complete.Count, Short(ranked.MeanRank),
                Short(ranked.MeanAccuracy), ranked.NumBest,
                Short(ranked.Seconds));
    }

    /// <summary>Writes friedman.csv: Friedman's test, with Iman and Davenport's correction.</summary>
    public static void Friedman(RankComparison comparison, TextWriter output)
    {
        Line(output, "num_datasets", "num_classifiers", "chi_square", "p", "iman_davenport_f", "f_p");
        if (comparison.Friedman is { } test)
            Line(output, comparison.Table.Complete.Count, comparison.Ranked.Count, test.ChiSquare, test.PValue, test.F, test.FPValue);
    }

    /// <summary>Writes pairwise.csv: differences, wins and tests of each pair of classifiers.</summary>
    public static void Pairs(RankComparison comparison, TextWriter output)
    {
        Line(output, "first", "second", "num_datasets", "wins", "draws", "losses", "mean_difference", "wilcoxon_p", "is_exact", "holm_p",
            "is_significant");
        foreach (var pair in comparison.Pairs)
            Line(output, pair.First.Name, pair.Second.Name, comparison.Table.Complete.Count, pair.Wins, pair.Draws, pair.Losses,
                Short(pair.MeanDifference), pair.PValue,
                YesNo(pair.IsExact), pair.HolmPValue, YesNo(pair.IsSignificant));
    }

    /// <summary>Writes paired.csv: McNemar's test of each run and the reference's on the same test cases.</summary>
    public static void Paired(PairedTests tests, ComparedClassifier reference, TextWriter output)
    {
        Line(output, "dataset", "classifier", "reference", "resample", "seed", "reference_seed", "difference", "right_alone",
            "reference_right_alone", "mcnemar_p", "holm_p", "is_significant");
        foreach (var pair in tests.All)
        {
            if (pair.Difference is { Test: { } test } difference)
                Line(output, pair.Dataset.Name, pair.Classifier.Name, reference.Name, pair.Resample, pair.Seed, pair.ReferenceSeed,
                    Short(difference.Points), test.OnlyFirst, test.OnlySecond, test.PValue, difference.PValue,
                    YesNo(difference.Verdict is not Verdict.NotShown));
        }
    }

    /// <summary>Writes the score of each classifier on each data set.</summary>
    public static void Scores(ScoreTable table, TextWriter output)
    {
        Line(output, "dataset", "classifier", "kind", "accuracy", "lower_95", "upper_95", "num_runs", "num_resamples", "mean_seconds",
            "is_compared");
        foreach (var dataset in table.Datasets)
        {
            foreach (var classifier in table.Classifiers)
            {
                if (table[dataset, classifier] is { } score)
                    Line(output, dataset.Name, classifier.Name, Kind(classifier), Short(score.Accuracy.Mean), Short(score.Accuracy.Lower),
                        Short(score.Accuracy.Upper), score.NumRuns,
                        score.ByResample.Count, Short(score.Seconds), YesNo(table.Complete.Contains(dataset)));
            }
        }
    }

    /// <summary>Writes failures.csv: where a classifier falls behind, by property of the data sets.</summary>
    public static void Failures(RankComparison comparison, TextWriter output)
    {
        Line(output, "property", "bin", "classifier", "reference", "num_datasets", "mean_difference", "wins", "losses");
        foreach (var bin in FailureModes.Of(comparison))
            Line(output, bin.Property.Name, bin.Property.BinNames[bin.Bin], bin.Classifier.Name, comparison.Reference.Name, bin.NumDatasets,
                Short(bin.MeanDifference), bin.Wins,
                bin.Losses);
    }

    private static void Line(TextWriter output, params object[] fields) => output.Write(CsvText.Line(fields) + "\n");

    private static double Short(double value) => Math.Round(value, Decimals);

    private static string YesNo(bool value) => value ? "yes" : "no";

    private static string Kind(ComparedClassifier classifier) => classifier.Kind.ToString().ToLowerInvariant();
}
