using TsVlm.Baselines.InceptionTime;
using TsVlm.Data;

namespace TsVlm.Baselines.Tests.InceptionTime;

public sealed class UnitWarningsTests
{
    private static readonly InceptionTimeSettings Short = new() { NumNetworks = 1, NumEpochs = 1, Shape = InceptionShape.Tiny };

    [Theory]
    [InlineData(1, 0, null)]
    [InlineData(1e6, 0, null)]
    [InlineData(1e-6, 0, "InceptionTime does not scale values: one channel has a standard deviation below 0.01 (channel 1: ")]
    [InlineData(1, 1e4, "InceptionTime does not scale values: one channel has a mean of more than 100 standard deviations (channel 1: ")]
    [InlineData(1e16, 0, "InceptionTime reads values beyond 1E+15 as that number")]
    public void Series_in_units_that_the_network_can_hardly_see_are_named(double factor, double offset, string? expected)
    {
        var warnings = Warnings(i => Waves(i % 2 == 0 ? 1 : -1, factor, offset));
        if (expected is null) Assert.Empty(warnings);
        else Assert.StartsWith(expected, Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_channel_is_no_matter_of_units() => Assert.Empty(Warnings(_ => new([new double[9]])));

    private static IReadOnlyList<string> Warnings(Func<int, TimeSeries> seriesOf)
    {
        LabelledSeries[] training = [.. Enumerable.Range(0, 8).Select(i => new LabelledSeries(seriesOf(i), i % 2 == 0 ? "a" : "b"))];
        return InceptionTimeClassifier.Run(Short, training, [], ["a", "b"], 0, 1, null, TestContext.Current.CancellationToken).Warnings;
    }

    private static TimeSeries Waves(int sign, double factor, double offset) => new([
        [.. Enumerable.Range(0, 20).Select(t => Math.Sin(t))],
        [.. Enumerable.Range(0, 20).Select(t => offset + (factor * sign * Math.Sin(t)))]]);
}
