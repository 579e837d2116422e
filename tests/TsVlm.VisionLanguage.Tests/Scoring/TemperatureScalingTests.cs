using TsVlm.VisionLanguage.Scoring;

namespace TsVlm.VisionLanguage.Tests.Scoring;

public class TemperatureScalingTests
{
    [Fact]
    public void Probabilities_of_a_row_sum_to_one_and_keep_the_ratios()
    {
        Assert.Equal([0.75, 0.25], Rounded(TemperatureScaling.Probabilities([-1000.0, -1000.0 - Math.Log(3)])));
        Assert.Equal([1, 0], TemperatureScaling.Probabilities([-2.0, double.NegativeInfinity]));
    }

    [Fact]
    public void A_temperature_divides_the_logarithms_of_the_ratios() =>
        Assert.Equal([0.9, 0.1], Rounded(TemperatureScaling.Probabilities([Math.Log(81), 0], 2)));

    /// <summary>
    /// Two classes whose scores differ by d in every case, of which a share r is right: sigmoid(d / T) = r, so T = d / ln(r / (1 - r)).
    /// </summary>
    [Theory]
    [InlineData(6.0, 15, 5.461435360)]     // 6 / ln 3: says 0.998 and is right in 0.75
    [InlineData(0.5, 18, 0.227559807)]     // 0.5 / ln 9: says 0.622 and is right in 0.9
    [InlineData(2.197224577, 18, 1.0)]     // ln 9: says what is so
    public void Two_classes_have_the_temperature_at_which_confidence_is_accuracy(double difference, int numRight, double expected)
    {
        var fit = TemperatureScaling.Fit([.. Enumerable.Repeat(new[] { difference, 0 }, 20)], [.. Enumerable.Range(0, 20)
            .Select(i => i < numRight ? 0 : 1)]);
        Assert.Equal(expected, fit.Temperature, 1e-8);
        Assert.Equal(20, fit.NumCases);
        Assert.Null(fit.NotFitted);
    }

    [Fact]
    public void No_other_temperature_has_a_higher_likelihood()
    {
        var random = new Random(1);
        for (var problem = 0; problem < 20; problem++)
        {
            var scores = Enumerable.Range(0, 40)
                .Select(_ => Enumerable.Range(0, 4).Select(_ => 5 * random.NextDouble() * (1 + problem)).ToArray()).ToList();
            var truth = scores.Select(row => random.Next(3) == 0 ? random.Next(4) : Array.IndexOf(row, row.Max())).ToList();
            var fitted = TemperatureScaling.Fit(scores, truth).Temperature;
            var min = Nll(scores, truth, fitted);
            for (var log = Math.Log(TemperatureScaling.Lowest); log <= Math.Log(TemperatureScaling.Highest); log += 0.01)
                Assert.True(min <= Nll(scores, truth, Math.Exp(log)) + 1e-12,
                    $"problem {problem}: T = {Math.Exp(log)} is better than {fitted}");
        }
    }

    [Fact]
    public void The_temperature_stays_within_its_bounds()
    {
        // wrong more often than chance: even is best
        Assert.Equal(20, Fit(difference: 3, numRight: 5, count: 20).Temperature, 1e-12);
        Assert.Equal(0.05, Fit(difference: 0.01, numRight: 18, count: 20).Temperature, 1e-12);  // 0.0046 would be best
    }

    [Fact]
    public void Without_cases_or_with_few_or_without_a_wrong_one_nothing_is_fitted_and_the_reason_is_told()
    {
        Assert.Equal(TemperatureScaling.None(0, "there are no validation cases"), TemperatureScaling.Fit([], []));
        Assert.Equal(TemperatureScaling.None(9, "fewer than 10 validation cases say too little"),
            Fit(difference: 3, numRight: 6, count: 9));
        Assert.Equal(TemperatureScaling.None(30, "no validation case is wrong, so any certainty would fit them"),
            Fit(difference: 3, numRight: 30, count: 30));
        Assert.NotEqual(1, Fit(difference: 3, numRight: 29, count: 30).Temperature);
        Assert.NotEqual(1, Fit(difference: 3, numRight: 6, count: 10).Temperature);
    }

    [Fact]
    public void An_answer_that_is_impossible_does_not_spoil_the_fit()
    {
        var scores = Enumerable.Repeat(new[] { 6, 0, double.NegativeInfinity }, 20).ToList();
        Assert.Equal(6 / Math.Log(3), TemperatureScaling.Fit(scores, [.. Enumerable.Range(0, 20).Select(i => i < 15 ? 0 : 1)]).Temperature,
            1e-8);
        Assert.Equal(20, TemperatureScaling.Fit(scores, [.. Enumerable.Repeat(2, 20)]).Temperature, 1e-12);
    }

    private static TemperatureScaling Fit(double difference, int numRight, int count) =>
        TemperatureScaling.Fit([.. Enumerable.Repeat(new[] { difference, 0 }, count)], [.. Enumerable.Range(0, count)
            .Select(i => i < numRight ? 0 : 1)]);

    private static double Nll(List<double[]> scores, List<int> truth, double temperature) =>
        scores.Zip(truth).Average(pair => -Math.Log(TemperatureScaling.Probabilities(pair.First, temperature)[pair.Second]));

    private static double[] Rounded(double[] values) => [.. values.Select(value => Math.Round(value, 12))];
}
