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
        var withText = plain with { Representation =
            plain.Representation with { Text = TextKind.WithStats, Numbers = new() { Digits = 5 } } };
        Assert.Equal(plain.ContentHash, withText.ContentHash);
    }

    [Fact]
    public void An_image_alone_is_never_downsampled()
    {
        var raw = new Scenario { Name = "a", Representation = new() { Arm = Arm.Image } };
        var settings = raw.Representation with { Downsampling = DownsamplingMethod.Lttb, PlotFrom = PlotSource.Downsampled };
        Assert.Equal(raw.ContentHash, (raw with { Representation = settings }).ContentHash);
    }

    [Fact]
    public void Answers_are_scored_relative_to_a_blank_prompt_where_nothing_is_fine_tuned()
    {
        Assert.Equal(AnswerScore.Likelihood, new Recipe().ScoredBy);
        Assert.Equal(AnswerScore.RelativeToBlank, new Recipe { Epochs = 0 }.ScoredBy);
        Assert.Equal(AnswerScore.PerToken, new Recipe { Epochs = 0, AnswerScore = AnswerScore.PerToken }.ScoredBy);
        Assert.Equal(Hash(new()), Hash(new() { AnswerScore = AnswerScore.Likelihood }));
        Assert.NotEqual(Hash(new()), Hash(new() { AnswerScore = AnswerScore.RelativeToBlank }));
        Assert.Equal(Hash(new() { Epochs = 0 }), Hash(new() { Epochs = 0, AnswerScore = AnswerScore.RelativeToBlank }));
        Assert.NotEqual(Hash(new() { Epochs = 0 }), Hash(new() { Epochs = 0, AnswerScore = AnswerScore.Likelihood }));
        Assert.Equal(Hash(new() { ReadOut = ReadOut.AnswerProbe }),
            Hash(new() { ReadOut = ReadOut.AnswerProbe, AnswerScore = AnswerScore.PerToken }));
    }

    [Fact]
    public void A_guarded_probe_is_refitted_and_others_where_they_ask_for_it()
    {
        var guarded = new Recipe { ReadOut = ReadOut.AnswerProbe, Guard = true };
        Assert.True(guarded.Refits);
        Assert.False((guarded with { Refit = false }).Refits);
        Assert.False((guarded with { Epochs = 0 }).Refits);
        Assert.False(new Recipe().Refits);
        Assert.False(new Recipe { Guard = true }.Refits);
        Assert.True(new Recipe { Guard = true, FitOutputLayer = true }.Refits);
        Assert.Equal(Hash(new()), Hash(new() { Guard = true }));
        Assert.NotEqual(Hash(new() { FitOutputLayer = true }), Hash(new() { Guard = true, FitOutputLayer = true }));
        Assert.True(new Recipe { Refit = true }.Refits);
        Assert.Equal(Hash(guarded), Hash(guarded with { Refit = true }));
        Assert.NotEqual(Hash(guarded), Hash(guarded with { Refit = false }));
        Assert.Equal(Hash(new()), Hash(new() { Refit = false }));
        Assert.NotEqual(Hash(new()), Hash(new() { Refit = true }));
        Assert.Equal(Hash(new() { Epochs = 0 }), Hash(new() { Epochs = 0, Refit = true }));
    }

    [Fact]
    public void Settings_at_their_defaults_are_left_out_so_that_hashes_hold()
    {
        var json = System.Text.Json.JsonSerializer.Serialize(new Recipe(), ContractJson.Compact);
        Assert.DoesNotContain("answerScore", json, StringComparison.Ordinal);
        Assert.DoesNotContain("refit", json, StringComparison.Ordinal);
    }

    private static string Hash(Recipe recipe) => new Scenario { Name = "a", Recipe = recipe }.ContentHash;

    [Fact]
    public void With_numbers_the_source_of_the_plot_matters()
    {
        var raw = new Scenario { Name = "a" };
        Assert.NotEqual(raw.ContentHash, (raw with { Representation = new() { PlotFrom = PlotSource.Downsampled } }).ContentHash);
    }

    [Fact]
    public void The_kind_of_image_matters_where_a_series_is_drawn_and_its_views_where_it_is_a_field()
    {
        string Hash(Arm arm, ImageKind kind, ImageViews views = ImageViews.Series, ChannelLayout layout = ChannelLayout.Overlaid) =>
            new Scenario { Name = "a",
                Representation = new() { Arm = arm, Image = kind, Views = views, ChannelLayout = layout } }.ContentHash;
        Assert.NotEqual(Hash(Arm.Both, ImageKind.LinePlot), Hash(Arm.Both, ImageKind.ZoomMosaic));
        Assert.Equal(Hash(Arm.BlankImage, ImageKind.LinePlot), Hash(Arm.BlankImage, ImageKind.Scalogram));
        Assert.NotEqual(Hash(Arm.BlankImage, ImageKind.LinePlot), Hash(Arm.BlankImage, ImageKind.ZoomMosaic));
        Assert.NotEqual(Hash(Arm.Both, ImageKind.Scalogram), Hash(Arm.Both, ImageKind.Scalogram, ImageViews.SeriesDifferenceSum));
        Assert.Equal(Hash(Arm.Both, ImageKind.ZoomMosaic), Hash(Arm.Both, ImageKind.ZoomMosaic, ImageViews.SeriesDifferenceSum));
        Assert.Equal(Hash(Arm.Both, ImageKind.Scalogram), Hash(Arm.Both, ImageKind.Scalogram, layout: ChannelLayout.SmallMultiples));
        Assert.NotEqual(Hash(Arm.Both, ImageKind.AreaPlot), Hash(Arm.Both, ImageKind.AreaPlot, layout: ChannelLayout.SmallMultiples));
    }
}
