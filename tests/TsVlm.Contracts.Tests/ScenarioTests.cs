namespace TsVlm.Contracts.Tests;

public class ScenarioTests
{
    [Fact]
    public void The_name_does_not_enter_the_content_hash() =>
        Assert.Equal(new Scenario { Name = "a" }.ContentHash, new Scenario { Name = "b" }.ContentHash);

    [Fact]
    public void Every_setting_that_has_an_effect_changes_the_content_hash() =>
        Assert.NotEqual(
            new Scenario { Name = "a" }.ContentHash,
            new Scenario { Name = "a", Recipe = new Recipe { Epochs = 3 } }.ContentHash);

    [Fact]
    public void Settings_without_effect_do_not_make_a_different_scenario()
    {
        var plain = new Scenario { Name = "a", Representation = new() { Arm = Arm.Image } };
        var withText = plain with { Representation = plain.Representation with { Text = TextKind.WithStats, Numbers = new() { Digits = 5 } } };
        Assert.Equal(plain.ContentHash, withText.ContentHash);
    }

    [Fact]
    public void The_downsampling_of_an_image_alone_matters_only_where_the_plot_draws_it()
    {
        var raw = new Scenario { Name = "a", Representation = new() { Arm = Arm.Image, Downsampling = DownsamplingMethod.Lttb } };
        var drawn = raw with { Representation = raw.Representation with { PlotFrom = PlotSource.Downsampled } };
        Assert.Equal(raw.ContentHash, (raw with { Representation = raw.Representation with { Downsampling = DownsamplingMethod.BlockMean } }).ContentHash);
        Assert.NotEqual(drawn.ContentHash, (drawn with { Representation = drawn.Representation with { Downsampling = DownsamplingMethod.BlockMean } }).ContentHash);
    }
}
