using TsVlm.Data.Generators;

namespace TsVlm.Data.Tests.Generators;

public sealed class DefinitionTests
{
    private const int NumSeries = 3000;

    [Fact]
    public void A_cylinder_is_flat_a_bell_rises_and_a_funnel_falls()
    {
        // Every event covers steps 33 to 48: it starts by 32 and lasts at least 32 steps from 16 on. There a cylinder is 6 on average;
        // a bell is higher the later, a funnel lower.
        var (cylinder, bell, funnel) = (Mean("CBF", "cylinder"), Mean("CBF", "bell"), Mean("CBF", "funnel"));

        Assert.All(cylinder[32..48], value => Assert.Equal(6, value, 0.3));
        Assert.All(new[] { cylinder, bell, funnel }, mean => Assert.All(mean[..15], value => Assert.Equal(0, value, 0.15)));
        Assert.True(bell[47] > bell[32] + 0.8 && funnel[47] < funnel[32] - 0.8);
    }

    [Fact]
    public void Control_charts_have_the_published_means()
    {
        Assert.All(Mean("SyntheticControl", "normal"), value => Assert.Equal(30, value, 0.7));
        Assert.Equal(30 + 0.35 * 60, Mean("SyntheticControl", "increasing")[59], 1.0);
        Assert.Equal(30 - 0.35 * 60, Mean("SyntheticControl", "decreasing")[59], 1.0);
        Assert.Equal(30 + 13.75, Mean("SyntheticControl", "upward shift")[45], 1.0);
        Assert.Equal(30 - 13.75, Mean("SyntheticControl", "downward shift")[45], 1.0);
        Assert.Equal(30, Mean("SyntheticControl", "upward shift")[15], 0.7);
        Assert.All(Series("SyntheticControl", "cyclic"), values => Assert.InRange(values.Max(), 35, 30 + 6 + 15));
    }

    [Theory]
    [InlineData("down-down", "+-+-")]
    [InlineData("up-down", "-++-")]
    [InlineData("down-up", "+--+")]
    [InlineData("up-up", "-+-+")]
    public void Two_patterns_come_in_the_order_that_their_class_says(string label, string signs)
    {
        foreach (var values in Series("TwoPatterns", label).Take(200))
        {
            var plateaus = values.Where(value => Math.Abs(value) == 5).Select(value => value > 0 ? '+' : '-').ToList();
            var runs = plateaus.Where((sign, i) => i == 0 || sign != plateaus[i - 1]);
            // Where the second step goes on as the first ended, two plateaus are one run.
            Assert.Equal(signs.Where((sign, i) => i == 0 || sign != signs[i - 1]), runs);
            Assert.InRange(plateaus.Count, 32, 96);
        }
    }

    [Fact]
    public void A_shape_of_29_steps_hides_in_noise()
    {
        // Least squared distance to the shape over all places: where the shape is, that is the noise on it,
        // chi-squared with 29 degrees of freedom: 29 on average over 40 series, with a standard error of 1.2.
        double Nearest(double[] values, Func<int, double> shape) => Enumerable.Range(0, 500 - 28).Min(start =>
            Enumerable.Range(0, 29).Sum(t => Math.Pow(values[start + t] - shape(t), 2)));
        double Triangle(int t) => 2 - 4 * Math.Abs(t - 14) / 14.0;
        double Step(int t) => t < 14 ? -2 : 2;

        var (triangles, steps) = (Series("ShapeletSim", "triangle").Take(40).ToList(), Series("ShapeletSim", "step").Take(40).ToList());

        Assert.InRange(triangles.Average(v => Nearest(v, Triangle)), 25, 33);
        Assert.InRange(steps.Average(v => Nearest(v, Step)), 25, 33);
        Assert.True(steps.Average(v => Nearest(v, Triangle)) > 35);
        Assert.True(triangles.Average(v => Nearest(v, Step)) > 35);
        Assert.InRange(steps.Average(values => values.Average(v => v * v)), 1.0, 1.4);
    }

    [Fact]
    public void Only_the_relation_between_channels_tells_arm_motions_apart()
    {
        // The correlation of sin(x) and sin(x + 90 degrees) over whole periods is 0, of equal phases 1.
        foreach (var (label, partner) in new[] { ("left turn", 2), ("right turn", 2), ("lift", 1), ("push down", 1) })
        {
            var cases = Cases("ArmMotions", label).Take(100).ToList();
            Assert.True(cases.Average(c => Correlation(c.Channel(0), c.Channel(partner))) > 0.9);
            Assert.InRange(cases.Average(c => Correlation(c.Channel(0), c.Channel(3 - partner))), -0.3, 0.3);
        }
        string[] labels = [.. BuiltInDatasets.Generator("ArmMotions").Classes];
        for (var channel = 0; channel < 3; channel++)
        {
            var means = labels.Select(label => Cases("ArmMotions", label).Take(300)
                .Average(c => c.Channel(channel).ToArray().Average(v => v * v))).ToList();
            Assert.True(means.Max() - means.Min() < 0.05, string.Join(' ', means));
        }
    }

    private static IEnumerable<TimeSeries> Cases(string name, string label) =>
        BuiltInDatasets.Generator(name).Series(NumSeries, seed: 7).Where(c => c.Label == label).Select(c => c.Series);

    private static IEnumerable<double[]> Series(string name, string label) => Cases(name, label).Select(c => c.Channel(0).ToArray());

    private static double[] Mean(string name, string label)
    {
        var series = Series(name, label).ToList();
        return [.. Enumerable.Range(0, series[0].Length).Select(t => series.Average(values => values[t]))];
    }

    private static double Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sumXy = 0, sumXx = 0, sumYy = 0;
        for (var t = 0; t < x.Length; t++) (sumXy, sumXx, sumYy) = (sumXy + x[t] * y[t], sumXx + x[t] * x[t], sumYy + y[t] * y[t]);
        return sumXy / Math.Sqrt(sumXx * sumYy);
    }
}
