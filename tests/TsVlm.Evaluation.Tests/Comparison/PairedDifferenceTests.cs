using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Metrics;
using TsVlm.Evaluation.Results;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Tests.Comparison;

public sealed class PairedDifferenceTests
{
    /// <summary>
    /// Holm by hand: of 2/2^8, 2/2^6 and 2/2^6 the smallest times 3 is 0.0234, the next times 2 is 0.0625. Seeds of one split are such
    /// pairs.
    /// </summary>
    [Fact]
    public void Pairs_that_are_judged_together_are_corrected_together()
    {
        var judged = PairedDifference.Judge([(0.08, McNemarTest.Of(8, 0)), (0.06, McNemarTest.Of(6, 0)), (0.06, McNemarTest.Of(6, 0))]);
        Assert.Equal([3 * 2 / 256.0, 2 * 2 / 64.0, 2 * 2 / 64.0], judged.Select(d => d.PValue));
        Assert.Equal([Verdict.Better, Verdict.NotShown, Verdict.NotShown], judged.Select(d => d.Verdict));
        Assert.Equal(Verdict.Better, PairedDifference.Judge([(0.06, McNemarTest.Of(6, 0))])[0].Verdict);
        Assert.Equal(Verdict.Worse, PairedDifference.Judge([(-0.06, McNemarTest.Of(0, 6))])[0].Verdict);
    }

    [Fact]
    public void A_pair_without_predictions_has_no_verdict_and_does_not_count_in_the_correction()
    {
        var judged = PairedDifference.Judge([(0.5, null), (0.06, McNemarTest.Of(6, 0))]);
        Assert.Equal((Verdict.NotShown, Verdict.Better), (judged[0].Verdict, judged[1].Verdict));
        Assert.True(double.IsNaN(judged[0].PValue));
    }

    [Fact]
    public void Outcomes_are_compared_case_by_case()
    {
        var first = new TestOutcomes([4, 5, 6, 7], [true, true, false, false]);
        Assert.Equal((2, 1), Counts(first.Against(new([4, 5, 6, 7], [false, false, true, false]))!));
        Assert.Null(first.Against(new([4, 5, 6, 8], [false, false, true, false])));
        Assert.Equal(0.5, first.Accuracy);
    }

    /// <summary>Of six cases of a and four of b, five a and three b are right: three b against the one a that is not.</summary>
    [Fact]
    public void The_majority_class_is_compared_as_a_classifier_that_always_answers_it() =>
        Assert.Equal((3, 1), Counts(Metrics([[5, 1], [1, 3]]).AgainstMajority()));

    [Fact]
    public void A_constant_answer_with_one_of_several_most_frequent_classes_is_no_better_than_another() =>
        Assert.Equal(1, Metrics([[0, 10], [0, 10]]).AgainstMajority().PValue);

    private static (int, int) Counts(McNemarTest test) => (test.OnlyFirst, test.OnlySecond);

    private static TestMetrics Metrics(int[][] confusion)
    {
        var cases = (from truth in Enumerable.Range(0, 2) from predicted in Enumerable.Range(0, 2)
                     from _ in Enumerable.Range(0, confusion[truth][predicted]) select (truth, predicted)).ToList();
        return TestMetrics.Of(["a", "b"], ClassificationMetrics.Compute(new PredictedCases([.. cases.Select(c => c.truth)],
            [.. cases.Select(c => c.predicted)], [.. cases.Select(c => c.predicted == 0 ? (double[])[1, 0] : [0, 1])])));
    }
}
