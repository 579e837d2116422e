using TsVlm.Data;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Tests.Statistics;

namespace TsVlm.Evaluation.Tests.Comparison;

public sealed class RankComparisonTests
{
    private static RankComparison Demsar { get; } =
        RankComparison.Of(ComparisonRows.Table(ComparisonRows.Rows(DemsarExample.Scores, DemsarExample.Classifiers)));

    [Fact]
    public void Demsars_example_is_ordered_by_its_mean_ranks()
    {
        Assert.Equal(["C4.5+m+cf", "C4.5+m", "C4.5+cf", "C4.5"], Demsar.Ranked.Select(r => r.Classifier.Name));
        Assert.Equal([1.964, 2.000, 2.893, 3.143], Demsar.Ranked.Select(r => Math.Round(r.MeanRank, 3)));
        Assert.Equal(0.016721580328441323, Demsar.Friedman!.PValue, 10);
    }

    /// <summary>Reference: P enumerated over all signs in Python, then Holm by hand over the six pairs.</summary>
    [Fact]
    public void Pairs_have_their_wins_and_corrected_P_values()
    {
        var pair = Demsar[Classifier(Demsar, "C4.5"), Classifier(Demsar, "C4.5+m")];
        Assert.Equal((2, 2, 10), (pair.Wins, pair.Draws, pair.Losses));
        Assert.Equal(0.00732421875, pair.PValue, 12);
        Assert.Equal(0.0439453125, pair.HolmPValue, 12);
        Assert.True(pair.IsSignificant && pair.MeanDifference < 0);
        Assert.Equal(6, Demsar.Pairs.Count());
        Assert.Single(Demsar.Pairs, p => p.IsSignificant);
    }

    [Fact]
    public void Bars_separate_only_the_two_that_differ() => Assert.Equal([new(0, 2), new(2, 3)], Demsar.Cliques);

    /// <summary>
    /// Two seeds on six test cases: 1 and 1 right, and 0 and 2 right. results.csv has six decimals, so the means of what is written are
    /// 0.166667 and 0.1666665.
    /// </summary>
    [Fact]
    public void Equal_means_over_seeds_are_a_draw_and_share_their_rank()
    {
        var rows = Enumerable.Range(0, 2).SelectMany(d => (ResultRow[])[.. Seeds($"D{d}", "a", 0.166667, 0.166667),
            .. Seeds($"D{d}", "b", 0, 0.333333)]).ToList();
        var comparison = RankComparison.Of(ComparisonRows.Table(rows));
        Assert.Equal([1.5, 1.5], comparison.Ranked.Select(r => r.MeanRank));
        Assert.Equal([2, 2], comparison.Ranked.Select(r => r.NumBest));
        Assert.Equal(2, Assert.Single(comparison.Pairs).Draws);
        Assert.All(FailureModes.Of(comparison), bin => Assert.Equal((0, 0), (bin.Wins, bin.Losses)));

        static IEnumerable<ResultRow> Seeds(string dataset, string scenario, params double[] accuracies) =>
            accuracies.Select((accuracy, seed) => ComparisonRows.Row(dataset, scenario, accuracy, seed: seed, numTest: 6));
    }

    [Fact]
    public void A_pair_is_the_same_seen_from_the_other_side()
    {
        var (a, b) = (Classifier(Demsar, "C4.5"), Classifier(Demsar, "C4.5+cf"));
        var (there, back) = (Demsar[a, b], Demsar[b, a]);
        Assert.Equal((there.Wins, there.Draws, there.Losses, there.HolmPValue), (back.Losses, back.Draws, back.Wins, back.HolmPValue));
        Assert.Equal(there.MeanDifference, -back.MeanDifference, 14);
    }

    [Fact]
    public void One_data_set_gives_ranks_but_no_test()
    {
        var comparison = RankComparison.Of(ComparisonRows.Table(ComparisonRows.Rows([[0.9, 0.8, 0.7]])));
        Assert.False(comparison.IsEnough);
        Assert.Null(comparison.Friedman);
        Assert.Empty(comparison.Pairs);
        Assert.Empty(comparison.Cliques);
        Assert.Equal([1, 2, 3], comparison.Ranked.Select(r => r.MeanRank));
    }

    [Fact]
    public void Two_classifiers_are_tested_as_a_pair_alone()
    {
        var comparison = RankComparison.Of(
            ComparisonRows.Table(ComparisonRows.Rows([.. Enumerable.Range(0, 8).Select(i => new[] { 0.9 + (0.001 * i), 0.5 })])));
        Assert.Null(comparison.Friedman);
        var pair = Assert.Single(comparison.Pairs);
        Assert.Equal(2 / 256.0, pair.HolmPValue, 12);
        Assert.Empty(comparison.Cliques);
    }

    [Fact]
    public void Classifiers_that_are_level_everywhere_share_one_bar()
    {
        var comparison = RankComparison.Of(ComparisonRows.Table(ComparisonRows.Rows([.. Enumerable.Repeat<double[]>([0.8, 0.8, 0.8], 7)])));
        Assert.Equal([new(0, 2)], comparison.Cliques);
        Assert.All(comparison.Pairs, p => Assert.Equal((0, 7, 0, 1), (p.Wins, p.Draws, p.Losses, p.HolmPValue)));
        Assert.All(comparison.Ranked, r => Assert.Equal((2, 7), (r.MeanRank, r.NumBest)));
    }

    [Fact]
    public void The_least_P_tells_that_few_data_sets_cannot_show_anything()
    {
        var comparison = RankComparison.Of(ComparisonRows.Table(ComparisonRows.Rows([.. Enumerable.Repeat<double[]>([0.9, 0.8, 0.7], 6)])));
        Assert.Equal(3 * 2 / 64.0, comparison.LeastPValue, 12);
        Assert.DoesNotContain(comparison.Pairs, p => p.IsSignificant);
    }

    [Fact]
    public void The_reference_is_the_best_ranked_baseline_unless_named()
    {
        Assert.Equal("C4.5+m+cf", Demsar.Reference.Name);
        Assert.Equal("C4.5", RankComparison.Of(Demsar.Table, "C4.5").Reference.Name);
        Assert.Contains("found 'ROCKET'", Assert.Throws<DataException>(() => RankComparison.Of(Demsar.Table, "ROCKET")).Message);
    }

    private static ComparedClassifier Classifier(RankComparison comparison, string name) =>
        comparison.Table.Classifiers.Single(c => c.Name == name);
}
