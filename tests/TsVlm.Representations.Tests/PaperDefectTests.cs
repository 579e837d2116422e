using TsVlm.Contracts;
using TsVlm.Representations.Images;
using TsVlm.Representations.Samples;

namespace TsVlm.Representations.Tests;

/// <summary>Defects of the code published with arXiv 2412.17304 that must not come back.</summary>
public class PaperDefectTests
{
    [Theory]
    [InlineData(Arm.Both)]
    [InlineData(Arm.Image)]
    [InlineData(Arm.BlankImage)]
    [InlineData(Arm.ShuffledImage)]
    public void Defect_1_every_arm_with_an_image_has_the_image_token_in_its_prompt(Arm arm) =>
        Assert.Contains("USER: <image>\n", Samples.Build(new Representation { Arm = arm }, Samples.Wave(20)).Prompt,
            StringComparison.Ordinal);

    [Fact]
    public void Defect_4_two_series_that_are_equal_have_equal_inputs_whatever_their_classes()
    {
        var representation = new Representation { Text = TextKind.WithSignalAnalysis };
        var builder = new SampleBuilder(Samples.Fit(representation, Samples.Wave(30), Samples.Wave(30)), Samples.Model());
        var (one, other) = (builder.Build(Samples.Wave(30)), builder.Build(Samples.Wave(30)));
        Assert.Equal(one.Prompt, other.Prompt);
        Assert.Equal(one.Image, other.Image);
    }

    [Fact]
    public void Defect_6_the_factor_makes_the_longest_training_sequence_fit_not_only_the_first()
    {
        var representation = new Representation { ContextLength = 150 };
        var builder = new SampleBuilder(Samples.Fit(representation, Samples.Wave(5), Samples.Wave(300)), Samples.Model());
        var input = builder.Build(Samples.Wave(300));
        Assert.True(input.DownsamplingFactor > 1);
        Assert.InRange(Samples.SequenceTokens(input, "b"), 1, 150);
    }

    [Fact]
    public void Defect_6_the_budget_counts_the_image_tokens_and_the_template()
    {
        var text = Samples.Build(new Representation { Arm = Arm.Text }, Samples.Wave(20));
        var exactly = Samples.SequenceTokens(text, "a");
        Assert.Equal(1, Samples.Build(new Representation { Arm = Arm.Text, ContextLength = exactly }, Samples.Wave(20)).DownsamplingFactor);
        Assert.Equal(2, Samples.Build(new Representation { Arm = Arm.Both, ContextLength = exactly }, Samples.Wave(20)).DownsamplingFactor);
    }

    [Fact]
    public void Defect_7_adaptive_downsampling_is_defined_on_constant_and_short_series_and_writes_its_steps()
    {
        var adaptive = new Representation { Downsampling = DownsamplingMethod.Adaptive, ContextLength = 130 };
        foreach (var series in new[] { Samples.Series([1]), Samples.Series([1, 2]), Samples.Series([.. Enumerable.Repeat(7.0, 100)]) })
            Assert.NotNull(Samples.Build(adaptive, series).Image);
        Assert.Contains("Steps: 0,", Samples.Build(adaptive, Samples.Wave(100)).Prompt, StringComparison.Ordinal);
    }

    [Fact]
    public void Defect_8_a_downsampled_plot_of_several_channels_is_not_blank()
    {
        foreach (var method in Enum.GetValues<DownsamplingMethod>().Where(m => m is not DownsamplingMethod.None))
        {
            var input = Samples.Build(
                new Representation { Downsampling = method, PlotFrom = PlotSource.Downsampled, ContextLength = 300 },
                Samples.Wave(200, numChannels: 6));
            Assert.True(input.DownsamplingFactor > 1);
            Assert.True(PngImage.Decode(input.Image!).Rgb.Count(part => part != 255) > 500, $"{method}: the plot is blank.");
        }
    }

    [Fact]
    public void Defect_8_amplitude_stays_information_in_image_and_text()
    {
        var (large, small) = (Samples.Wave(50), Samples.Wave(50, amplitude: 0.5));
        var builder = new SampleBuilder(Samples.Fit(new Representation(), large, small), Samples.Model());
        Assert.NotEqual(builder.Build(large).Image, builder.Build(small).Image);
        Assert.NotEqual(builder.Build(large).Prompt, builder.Build(small).Prompt);
    }

    [Fact]
    public void Defect_8_small_values_survive_the_default_number_format() =>
        Assert.DoesNotContain("0.00,0.00", Samples.Build(new Representation(), Samples.Wave(50, amplitude: 1e-9)).Prompt,
            StringComparison.Ordinal);

    [Fact]
    public void Defect_9_every_channel_has_statistics_and_constants_have_them_too()
    {
        var series = Samples.Series([1, 2, 3, 4], [5, 5, 5, 5], [-1, 0, -1, 0]);
        var prompt = Samples.Build(new Representation { Text = TextKind.WithStats }, series).Prompt;
        for (var c = 0; c < 3; c++) Assert.Contains($"c{c}: length 4 mean ", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", prompt, StringComparison.Ordinal);
    }
}
