using TsVlm.Evaluation.Early;

namespace TsVlm.Evaluation.Tests.Early;

/// <summary>When TEASER answers; scores worked out by hand.</summary>
public class TeaserRuleTests
{
    private const int NumCases = 20;
    private static readonly int[] Classes = [.. Enumerable.Range(0, NumCases).Select(i => i % 2)];

    /// <summary>
    /// Ten prefixes. From the first half the cases are predicted wrong, as surely as the others are predicted right. One prediction answers
    /// at 0.1 with accuracy 0.5: 2 * 0.5 * 0.9 / 1.4 = 0.643. Two in a row answer at 0.2 or, where the first was wrong, at 0.3, all
    /// right: 2 * 0.75 / 1.75 = 0.857. Three answer at 0.35 on average: 2 * 0.65 / 1.65 = 0.788.
    /// </summary>
    [Fact]
    public void The_number_of_consecutive_predictions_has_the_highest_harmonic_mean_on_training_cases()
    {
        var rule = Fit(10, (s, i) => Sure(s == 0 && i < NumCases / 2 ? 1 - Classes[i] : Classes[i]));
        Assert.Equal(2, rule.NumConsecutive);
        Assert.Equal((1, 0.25), (rule.Training.Accuracy, Math.Round(rule.Training.Earliness, 12)));
        Assert.Equal(2 * 0.75 / 1.75, rule.Training.HarmonicMean, 12);
    }

    /// <summary>Three prefixes; all predictions from the first are wrong, so nothing from it is trusted. 2 * 1/3 / (4/3) = 0.5.</summary>
    [Fact]
    public void Predictions_unlike_those_that_were_right_are_not_trusted_before_the_end()
    {
        var rule = Fit(3, (s, i) => Sure(s == 0 ? 1 - Classes[i] : Classes[i]));
        Assert.Equal((1, 1, 0.5), (rule.NumConsecutive, rule.Training.Accuracy, Math.Round(rule.Training.HarmonicMean, 12)));

        var sure = rule.Begin();
        Assert.Null(rule.Add(sure, 0, Sure(0), 1 / 3.0));
        Assert.Equal(new EarlyAnswer(0, 1, 2 / 3.0), rule.Add(sure, 1, Sure(0), 2 / 3.0));

        var doubtful = rule.Begin();
        Assert.Null(rule.Add(doubtful, 0, Sure(1), 1 / 3.0));
        Assert.Null(rule.Add(doubtful, 1, [0.55, 0.45], 2 / 3.0));
        Assert.Equal(new EarlyAnswer(0, 2, 1), rule.Add(doubtful, 2, [0.55, 0.45], 1));

        var brief = rule.Begin();
        Assert.Equal(new EarlyAnswer(0, 0, 1), rule.Add(brief, 0, [0.55, 0.45], 1));   // the series ends here
    }

    /// <summary>A digit is a class, accepted; - is a prediction that is not accepted.</summary>
    [Theory]
    [InlineData(1, "0123456789", 0)]
    [InlineData(2, "0110000000", 2)]
    [InlineData(2, "1-11222222", 3)]
    [InlineData(3, "11-1100012", 7)]
    [InlineData(5, "0101010101", 9)]
    public void Consecutive_accepted_predictions_of_one_class_make_an_answer(int number, string predictions, int prefix)
    {
        var waiting = new ConsecutivePredictions(number);
        EarlyAnswer? answer = null;
        for (var s = 0; answer is null; s++)
            answer = waiting.Add(predictions[s] == '-' ? 1 : predictions[s] - '0', predictions[s] != '-', s, (s + 1) / 10.0, isLast: s == 9);
        Assert.Equal((prefix, predictions[prefix] - '0'), (answer.Prefix, answer.Class));
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(0.8, 0.5, 2 * 0.8 * 0.5 / 1.3)]
    [InlineData(1, 1, 0)]
    [InlineData(0, 1, 0)]
    public void The_harmonic_mean_is_that_of_accuracy_and_of_the_share_that_was_not_needed(double accuracy, double earliness, double expected) =>
        Assert.Equal(expected, new EarlyScore(accuracy, earliness).HarmonicMean, 12);

    [Fact]
    public void Prefixes_are_evenly_spaced_and_end_with_the_whole_series()
    {
        Assert.Equal([3, 5, 8, 10], EarlyEvaluation.PrefixLengths(10, 4));
        Assert.Equal([3, 4, 5, 6, 7], EarlyEvaluation.PrefixLengths(7, 20));
        Assert.Equal([2], EarlyEvaluation.PrefixLengths(2, 20));
    }

    /// <summary>Ten prefixes, right for half of the cases at first and for all from 0.4 on: 0.643 at 0.1, 0.75 at 0.4.</summary>
    [Fact]
    public void The_fixed_prefix_has_the_highest_harmonic_mean_on_training_cases()
    {
        IReadOnlyList<double[]>[] heldOut = [.. Enumerable.Range(1, 10).Select(s =>
            (IReadOnlyList<double[]>)[.. Classes.Select((label, i) => Sure(s < 4 && i < NumCases / 2 ? 1 - label : label))])];
        IReadOnlyList<double>[] shares = [.. Enumerable.Range(1, 10).Select(s => (IReadOnlyList<double>)[.. Classes.Select(_ => s / 10.0)])];
        Assert.Equal(3, FixedPrefix.Choose(heldOut, shares, Classes));
    }

    private static double[] Sure(int number) => number == 0 ? [0.9, 0.1] : [0.1, 0.9];

    private static TeaserRule Fit(int numPrefixes, Func<int, int, double[]> probabilities) => TeaserRule.Fit(
        [.. Enumerable.Range(0, numPrefixes).Select(s => (IReadOnlyList<double[]>)[.. Enumerable.Range(0, NumCases).Select(i => probabilities(s, i))])],
        [.. Enumerable.Range(1, numPrefixes).Select(s => (IReadOnlyList<double>)[.. Enumerable.Repeat((double)s / numPrefixes, NumCases)])], Classes);
}
