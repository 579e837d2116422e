using TsVlm.Data;

namespace TsVlm.Baselines.Tests;

public sealed class BaselineTests
{
    private static readonly LabelledSeries[] Training =
    [
        Peak(3, 5), Ramp(0), Peak(6, 4), Ramp(1), Peak(9, 5), Ramp(-1),
    ];

    // As many epochs as are needed here: the published number takes minutes.
    public static TheoryData<string> Names() => [.. Baseline.Names.Select(name => name == "inceptiontime" ? "inceptiontime:30" : name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_baseline_gives_a_label_and_a_row_of_probabilities_for_each_series(string name)
    {
        var result = Baseline.Run(
            name, Training, [Ramp(0.5).Series, Peak(6, 6).Series], ["flat", "peak", "ramp"], seed: 0, numThreads: 1,
            progress: null, TestContext.Current.CancellationToken);
        Assert.Equal(["ramp", "peak"], result.Predictions);
        Assert.Equal([2, 1], result.Probabilities.Select(row => row.IndexOf(row.Max())));
        Assert.All(result.Probabilities, row => Assert.Equal(1, row.Sum(), 12));
        Assert.All(result.Probabilities.SelectMany(row => row), probability => Assert.InRange(probability, 0, name == "minirocket"
            ? 0.999 : 1));
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_names_there_are()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            Baseline.Run("2nn", Training, [], ["peak", "ramp"], 0, 1, null, TestContext.Current.CancellationToken));
        Assert.Contains("1nn-ed, 1nn-dtw, 1nn-dtw-learned, 1nn-ed-z, 1nn-dtw-z, 1nn-dtw-learned-z, minirocket, inceptiontime, or "
            + "inceptiontime:EPOCHS", error.Message);
    }

    [Fact]
    public void A_label_outside_the_classes_is_refused() =>
        Assert.Throws<ArgumentException>(() => Baseline.Run(
            "1nn-ed", Training, [Training[0].Series], ["ramp"], 0, 1, null, TestContext.Current.CancellationToken));

    private static LabelledSeries Peak(int at, double height) =>
        new(new TimeSeries([[.. Enumerable.Range(0, 12).Select(t => t == at ? height : 0)]]), "peak");

    private static LabelledSeries Ramp(double start) => new(new TimeSeries([[.. Enumerable.Range(0, 12).Select(t => start + t)]]), "ramp");
}
