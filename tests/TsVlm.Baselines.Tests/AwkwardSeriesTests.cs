using TsVlm.Data;

namespace TsVlm.Baselines.Tests;

/// <summary>The baselines that learn features take every series, also where training and test differ in length.</summary>
public sealed class AwkwardSeriesTests
{
    private static readonly Dictionary<string, Func<Random, TimeSeries>> Series = new()
    {
        ["length 1"] = random => Of(random.Next(9)),
        ["length 2"] = random => Of(random.Next(9), -1),
        ["shorter than a kernel"] = random => Wave(random, 8),
        ["as long as a kernel"] = random => Wave(random, 9),
        ["constant"] = _ => Of([.. Enumerable.Repeat(0.1, 90)]),
        ["all missing"] = _ => Of([.. Enumerable.Repeat(double.NaN, 60)]),
        ["missing here and there"] =
        random => Of([.. Enumerable.Range(0, 120).Select(_ => random.Next(3) == 0 ? random.NextDouble() : double.NaN)]),
        ["largest numbers"] = random => Wave(random, 100, double.MaxValue),
        ["smallest numbers"] = random => Wave(random, 100, double.Epsilon),
        ["many lengths"] = random => Wave(random, random.Next(1, 120)),
        ["12 channels"] = random => Wave(random, 20, 1, 12),
        ["many lengths and channels"] = random => Wave(random, random.Next(1, 40), 1e6, 11),
    };

    public static MatrixTheoryData<string, string> Names() => new(["minirocket", "inceptiontime:2"], Series.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_series_gets_a_class_and_probabilities(string baseline, string name)
    {
        var random = new Random(0);
        LabelledSeries[] training = [.. Enumerable.Range(0, 8)
            .Select(i => new LabelledSeries(Series[name](random), i % 3 == 0 ? "a" : "b"))];
        TimeSeries[] test = [.. Enumerable.Range(0, 5)
            .Select(_ => Series[name](random)), Wave(random, 300, 1, training[0].Series.NumChannels)];
        var result = Baseline.Run(baseline, training, test, ["a", "b", "never seen"], 0, 1, null, TestContext.Current.CancellationToken);
        Assert.Equal(6, result.Predictions.Count);
        if (baseline == "minirocket") Assert.All(result.Predictions, label => Assert.Contains(label, new[] { "a", "b" }));
        Assert.All(result.Probabilities, row => Assert.Equal(1, row.Sum(), 12));
        Assert.All(result.Probabilities.SelectMany(row => row), value => Assert.InRange(value, baseline == "minirocket"
            ? double.Epsilon : 0, 1));
    }

    [Fact]
    public void Progress_counts_every_test_series_over_several_batches()
    {
        var random = new Random(0);
        LabelledSeries[] training = [.. Enumerable.Range(0, 4).Select(i => new LabelledSeries(Wave(random, 12), $"{i % 2}"))];
        TimeSeries[] test = [.. Enumerable.Range(0, 300).Select(_ => Wave(random, 12))];
        var seen = new List<int>();
        Baseline.Run("minirocket", training, test, ["0", "1"], 0, 2, seen.Add, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, 300), seen);
    }

    [Theory]
    [InlineData("minirocket")]
    [InlineData("inceptiontime")]
    public void A_cancelled_run_stops(string baseline)
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Baseline.Run(baseline, [new(Of(1), "a")], [Of(1)], ["a"], 0, 1, null, cancelled.Token));
    }

    private static TimeSeries Of(params double[] values) => new([values]);

    private static TimeSeries Wave(Random random, int length, double amplitude = 1, int numChannels = 1) =>
        new(Enumerable.Range(0, numChannels)
            .Select(_ => Enumerable.Range(0, length).Select(_ => amplitude * (2 * random.NextDouble() - 1)).ToArray()));
}
