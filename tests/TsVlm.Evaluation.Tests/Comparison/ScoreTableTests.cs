using TsVlm.Data;
using TsVlm.Evaluation.Comparison;
using TsVlm.Tests;
using static TsVlm.Evaluation.Tests.Comparison.ComparisonRows;

namespace TsVlm.Evaluation.Tests.Comparison;

public sealed class ScoreTableTests
{
    [Fact]
    public void Only_data_sets_with_a_result_of_every_classifier_are_compared_and_the_others_say_why()
    {
        var table = Table([Row("A", "both", 0.9), Row("A", "baseline:1nn", 0.8), Row("B", "both", 0.7), Row("C", "both", 0.7),
            Row("C", "baseline:1nn", 0.7)]);
        Assert.Equal(["A", "C"], table.Complete.Select(d => d.Name));
        var (dataset, reason) = Assert.Single(table.LeftOut);
        Assert.Equal(("B", "no result of 1nn"), (dataset.Name, reason));
        Assert.Equal(3, table.Datasets.Count);
    }

    [Fact]
    public void Seeds_are_averaged_within_their_resample_and_resamples_within_their_data_set()
    {
        var table = Table([Row("A", "both", 0.8, 0, 0), Row("A", "both", 1.0, 0, 1), Row("A", "both", 0.5, 1, 0)]);
        var score = table[table.Datasets[0], table.Classifiers[0]]!;
        Assert.Equal(0.7, score.Accuracy.Mean, 12);
        Assert.Equal(3, score.NumRuns);
        Assert.Equal([0.9, 0.5], score.ByResample.Values);
    }

    [Fact]
    public void Only_resamples_that_every_measured_classifier_has_are_averaged_and_the_others_are_counted()
    {
        var table = Table([Row("A", "both", 0.9, 0), Row("A", "both", 0.1, 1), Row("A", "baseline:1nn", 0.8, 0)]);
        Assert.Equal(0.9, table[table.Datasets[0], table.Classifiers[0]]!.Accuracy.Mean);
        Assert.Contains("1 runs at resamples", Assert.Single(table.Notes));
    }

    [Fact]
    public void Without_a_common_resample_a_data_set_is_left_out()
    {
        var table = Table([Row("A", "both", 0.9, 1), Row("A", "baseline:1nn", 0.8, 0)]);
        Assert.Empty(table.Complete);
        Assert.Contains("no resample", Assert.Single(table.LeftOut).Reason);
    }

    [Fact]
    public void A_published_result_keeps_its_mark_and_ties_with_the_measured_one_it_was_rounded_from()
    {
        // 239 of 391 test cases are 0.611253; the archive's table has four decimals.
        var table = Table([Row("Adiac", "baseline:1nn-ed", Math.Round(239 / 391.0, 6), numTest: 391)],
            [new("Adiac", "1NN-ED", 0.6113, 4, "UCR")]);
        Assert.Equal(["1nn-ed", "1NN-ED (published)"], table.Classifiers.Select(c => c.Name));
        Assert.Equal(ClassifierKind.Published, table.Classifiers[1].Kind);
        Assert.Equal(table.Accuracies(table.Classifiers[0]), table.Accuracies(table.Classifiers[1]));
        Assert.Equal(["1NN-ED: UCR"], table.Sources);
    }

    [Theory]
    [InlineData("1nn-dtw", "1NN-DTW full window (UCR)", 1)]
    [InlineData("1nn-dtw-z", "1NN-ED", 1)]
    [InlineData("minirocket", "1NN-ED", 0)]
    [InlineData("1nn-dtw", "ROCKET", 0)]
    public void Beside_published_1NN_results_a_note_says_which_baselines_have_the_same_values(string baseline, string method, int numNotes)
    {
        var table = Table([Row("A", $"baseline:{baseline}", 0.8)], [new("A", method, 0.8, 1, "")]);
        Assert.Equal(numNotes, table.Notes.Count(note => note.Contains("1nn-dtw-z", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0.6113, 4, 391, 0.611253)]
    [InlineData(0.64, 2, 100, 0.64)]
    [InlineData(0.9933, 4, 150, 0.993333)]
    [InlineData(0.9967, 4, 100, 0.9967)] // a mean of several runs: no whole number of cases
    [InlineData(0.9, 1, 1000, 0.9)] // one decimal cannot tell a thousand cases apart
    public void A_published_result_is_the_share_of_cases_that_rounds_to_it_where_there_is_one(double published, int decimals, int numTest,
        double expected) =>
        Assert.Equal(expected, Math.Round(new PublishedAccuracy("A", "M", published, decimals, "").Exact(numTest), 6));

    /// <summary>
    /// The mean accuracies that the folder's own description gives over 37 univariate sets, computed when it was put together.
    /// </summary>
    [Theory]
    [InlineData("HC2", 0.9064)]
    [InlineData("MiniRocket", 0.8985)]
    [InlineData("1NN-ED", 0.7438)]
    public void The_published_results_of_the_archive_have_their_known_means(string method, double mean)
    {
        var published = PublishedAccuracy.Read(Path.Combine(TestFolders.ArchiveData(), "published_accuracy.csv"));
        var sets = published.Where(p => p.Method == "MiniRocket").Select(p => p.Dataset).ToHashSet();
        Assert.Equal(37, sets.Count);
        Assert.Equal(mean, published.Where(p => p.Method == method && sets.Contains(p.Dataset)).Average(p => p.Accuracy), 4);
    }

    [Fact]
    public void Published_results_are_compared_with_the_archives_own_split_only()
    {
        var table = Table([Row("A", "both", 0.9, 0), Row("A", "both", 0.1, 1)], [new("A", "ROCKET", 0.95, 2, "")]);
        Assert.Equal(0.9, table[table.Datasets[0], table.Classifiers[0]]!.Accuracy.Mean);
        Assert.Contains("only resample 0", table.Notes[0]);
        Assert.Contains("found protocol 80-10-10",
            Refused([Row("A", "both", 0.9, protocol: "80-10-10")], [new("A", "ROCKET", 0.95, 2, "")]));
        Assert.Contains("resample 0", Refused([Row("A", "both", 0.9, 3)], [new("A", "ROCKET", 0.95, 2, "")]));
    }

    [Fact]
    public void Published_methods_that_lack_a_data_set_are_compared_only_when_named()
    {
        ResultRow[] rows = [Row("A", "both", 0.9), Row("B", "both", 0.8)];
        PublishedAccuracy[] published = [new("A", "ROCKET", 0.95, 2, ""), new("B", "ROCKET", 0.9, 1, ""), new("A", "HC2", 0.97, 2, "")];
        var table = Table(rows, published);
        Assert.Equal(["both", "ROCKET (published)"], table.Classifiers.Select(c => c.Name));
        Assert.Contains("1 of 2 published methods", Assert.Single(table.Notes));
        var named = Table(rows, published, new() { Classifiers = ["both", "HC2"] });
        Assert.Equal(["A"], named.Complete.Select(d => d.Name));
        Assert.Equal("no result of HC2 (published)", Assert.Single(named.LeftOut).Reason);
    }

    [Fact]
    public void A_name_means_the_measured_classifier_before_the_published_one()
    {
        ResultRow[] rows = [Row("A", "both", 0.9), Row("A", "baseline:ROCKET", 0.8)];
        PublishedAccuracy[] published = [new("A", "ROCKET", 0.95, 2, "")];
        Assert.Equal(["ROCKET"], Names("ROCKET"));
        Assert.Equal(["ROCKET (published)"], Names("ROCKET (published)"));
        Assert.Contains("found 'rocket'", Refused(rows, published, new() { Classifiers = ["rocket"] }));

        IEnumerable<string> Names(string name) => Table(rows, published, new() { Classifiers = [name] }).Classifiers.Select(c => c.Name);
    }

    [Fact]
    public void Models_are_told_apart_where_there_are_several()
    {
        var table = Table([Row("A", "both", 0.9), Row("A", "both", 0.8, model: "llava"), Row("A", "baseline:1nn", 0.7)]);
        Assert.Equal(["both · tiny", "both · llava", "1nn"], table.Classifiers.Select(c => c.Name));
    }

    [Fact]
    public void Results_that_do_not_fit_each_other_are_refused_with_their_place()
    {
        var twice = Refused([Row("A", "both", 0.9), Row("A", "both", 0.8)]);
        Assert.Contains("found 0.8 here and 0.9 in results.csv(A both 0 0)", twice);
        Assert.Contains("expected 50 training cases, 100 test cases",
            Refused([Row("A", "both", 0.9), Row("A", "baseline:1nn", 0.8, numTest: 120)]));
        Assert.Contains("Choose one with --protocol", Refused([Row("A", "both", 0.9), Row("A", "both", 0.9, protocol: "80-10-10")]));
        Assert.Contains("--protocol: expected one of", Refused([Row("A", "both", 0.9)], choice: new() { Protocol = "80-10-10" }));
    }

    [Fact]
    public void The_same_run_in_two_files_counts_once() =>
        Assert.Equal(1, Table([Row("A", "both", 0.9), Row("A", "both", 0.9)]) is var table
            ? table[table.Datasets[0], table.Classifiers[0]]!.NumRuns : 0);

    private static string Refused(ResultRow[] rows, PublishedAccuracy[]? published = null, ComparisonChoice? choice = null) =>
        Assert.Throws<DataException>(() => Table(rows, published, choice)).Message;
}
