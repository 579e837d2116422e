using TsVlm.Data;

namespace TsVlm.Baselines.Tests;

public sealed class BaselineTests
{
    private static readonly LabelledSeries[] Training =
    [
        new(new TimeSeries([[0, 0, 5, 0]]), "peak"), new(new TimeSeries([[0, 1, 2, 3]]), "ramp"),
        new(new TimeSeries([[0, 5, 0, 0]]), "peak"), new(new TimeSeries([[1, 2, 3, 4]]), "ramp"),
    ];

    public static TheoryData<string> Names() => [.. Baseline.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_baseline_gives_a_label_and_a_row_of_probabilities_for_each_series(string name)
    {
        var result = Baseline.Run(
            name, Training, [new TimeSeries([[0, 1, 2, 4]]), new TimeSeries([[0, 0, 4, 0]])], ["flat", "peak", "ramp"], numThreads: 2,
            progress: null, TestContext.Current.CancellationToken);
        Assert.Equal(["ramp", "peak"], result.Predictions);
        Assert.Equal([[0, 0, 1], [0, 1, 0]], result.Probabilities);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_names_there_are()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            Baseline.Run("2nn", Training, [], ["peak", "ramp"], 1, null, TestContext.Current.CancellationToken));
        Assert.Contains("1nn-ed, 1nn-dtw, 1nn-dtw-learned", error.Message);
    }

    [Fact]
    public void A_label_outside_the_classes_is_refused() =>
        Assert.Throws<ArgumentException>(() => Baseline.Run(
            "1nn-ed", Training, [Training[0].Series], ["ramp"], 1, null, TestContext.Current.CancellationToken));
}
