using TsVlm.Data;
using TsVlm.Evaluation.Comparison;
using TsVlm.Tests;
using static TsVlm.Evaluation.Tests.Comparison.ComparisonRows;

namespace TsVlm.Evaluation.Tests.Comparison;

public sealed class FailureModesTests
{
    [Fact]
    public void Differences_are_averaged_over_the_data_sets_of_each_bin()
    {
        var facts = new Dictionary<string, DatasetFacts> { ["D00"] = new(1, 100, 0.5), ["D01"] = new(1, 101, 0.9), ["D02"] =
            new(6, 300, 0.5) };
        var comparison = RankComparison.Of(Table(Rows([[0.5, 0.9], [0.7, 0.8], [0.9, 0.6]]), facts: facts));
        var bins = FailureModes.Of(comparison).ToDictionary(b => (b.Property.Name, b.Property.BinNames[b.Bin]));
        Assert.Equal(-0.4, bins[("Length", "up to 100")].MeanDifference, 12);
        Assert.Equal((2, 1, 1), (bins[("Length", "101 to 300")].NumDatasets, bins[("Length", "101 to 300")].Wins,
            bins[("Length", "101 to 300")].Losses));
        Assert.Equal(0.1, bins[("Length", "101 to 300")].MeanDifference, 12);
        Assert.Equal(-0.25, bins[("Channels", "1")].MeanDifference, 12);
        Assert.Equal(0.3, bins[("Channels", "6 and more")].MeanDifference, 12);
        Assert.Equal(1, bins[("Imbalance", "1.25 to 2")].NumDatasets);   // 0.9 of two classes
        Assert.Equal(3, bins[("Classes", "2")].NumDatasets);
        Assert.Equal(3, bins[("Training cases", "up to 50")].NumDatasets);
    }

    [Fact]
    public void A_data_set_of_unknown_property_is_not_binned()
    {
        var properties = FailureModes.Of(RankComparison.Of(Table(Rows([[0.5, 0.9], [0.7, 0.8]])))).Select(b => b.Property.Name).Distinct();
        Assert.Equal(["Classes", "Training cases"], properties);
    }

    [Fact]
    public void Kinds_of_signal_are_the_archives_and_those_of_a_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("kinds.csv"), "dataset,kind\nmine,Motion\nCBF,device\n");
        var kinds = SignalKinds.With(folder.File("kinds.csv"));
        Assert.Equal((SignalKind.Motion, SignalKind.Device, SignalKind.Spectrum), (kinds["mine"], kinds["CBF"], kinds["Coffee"]));
        Assert.Equal(SignalKind.Simulated, SignalKinds.Known["CBF"]);

        var comparison = RankComparison.Of(Table(Rows([[0.5, 0.9], [0.7, 0.8], [0.9, 0.6]]),
            choice: new() { Kinds =
                new Dictionary<string, SignalKind> { ["D00"] = SignalKind.Spectrum, ["D01"] = SignalKind.Outline, ["D02"] =
                    SignalKind.Audio } }));
        var bins = FailureModes.Of(comparison).ToDictionary(b => (b.Property.Name, b.Property.BinNames[b.Bin]));
        Assert.Equal(-0.4, bins[("Kind of signal", "spectrum")].MeanDifference, 12);
        Assert.Equal(0.3, bins[("Axis", "time")].MeanDifference, 12);
        Assert.Equal((2, -0.25), (bins[("Axis", "space or wavelength")].NumDatasets,
            Math.Round(bins[("Axis", "space or wavelength")].MeanDifference, 12)));
    }

    [Theory]
    [InlineData("mine,heartbeat", "kinds.csv(2): expected a kind of signal (physiology, motion")]
    [InlineData("mine,3", "expected a kind of signal")]
    [InlineData("mine,motion\nmine,audio", "kinds.csv(3): expected each data set once, found mine again")]
    public void A_table_of_kinds_that_cannot_be_used_is_refused(string rows, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("kinds.csv"), $"dataset,kind\n{rows}\n");
        Assert.Contains(message, Assert.Throws<DataException>(() => SignalKinds.With(folder.File("kinds.csv"))).Message);
    }

    [Fact]
    public void Every_property_has_a_name_for_each_of_its_bins() =>
        Assert.All(DatasetProperty.All, p => Assert.Equal(p.Edges.Count + 1, p.BinNames.Count));
}
