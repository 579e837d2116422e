using TsVlm.Evaluation.Metrics;

namespace TsVlm.Evaluation.Tests.Metrics;

public class AbstentionTests
{
    /// <summary>Confidences .9 right, .8 wrong, .7 right and right, .6 wrong.</summary>
    private static readonly PredictedCases Cases = new(
        [0, 0, 0, 0, 0], [0, 1, 0, 0, 1], [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.7, 0.3], [0.4, 0.6]]);

    [Fact]
    public void The_curve_answers_the_most_confident_first_and_cases_of_one_confidence_together()
    {
        AbstentionPoint[] expected = [new(0.9, 0.2, 1), new(0.8, 0.4, 0.5), new(0.7, 0.8, 0.75), new(0.6, 1, 0.6)];
        Assert.Equal(expected, Abstention.Curve(Cases));
    }

    [Fact]
    public void The_area_is_the_error_rate_of_the_k_most_confident_averaged_over_k() =>
        Assert.Equal((0 + (1 / 2.0) + (1 / 3.0) + (1 / 4.0) + (2 / 5.0)) / 5, Abstention.Aurc(Cases), 1e-12);

    [Fact]
    public void A_classifier_equally_sure_of_all_cases_has_one_point_and_its_error_rate()
    {
        var sure = new PredictedCases([0, 1, 0, 1], [0, 1, 1, 1], [[1, 0], [0, 1], [0, 1], [0, 1]]);
        Assert.Equal([new AbstentionPoint(1, 1, 0.75)], Abstention.Curve(sure));
        Assert.Equal(0.25, Abstention.Aurc(sure), 1e-12);
    }

    [Fact]
    public void A_long_curve_keeps_points_evenly_and_its_end()
    {
        var random = new Random(3);
        double[][] rows = [.. Enumerable.Range(0, 1000).Select(_ => 0.5 + (random.NextDouble() / 2)).Select(p => new[] { p, 1 - p })];
        var curve = Abstention.Curve(new PredictedCases([.. rows.Select(_ => 0)], [.. rows.Select(_ => 0)], rows));
        Assert.Equal(Abstention.MaxPoints, curve.Count);
        Assert.Equal((0.001, 1.0), (curve[0].Coverage, curve[^1].Coverage));
        Assert.All(curve.Zip(curve.Skip(1)), pair => Assert.InRange(pair.Second.Coverage - pair.First.Coverage, 0.005, 0.011));
    }
}
