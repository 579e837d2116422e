using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Images;
using TsVlm.Representations.Samples;

namespace TsVlm.Representations.Tests.Images;

/// <summary>Zoom mosaics of several channels and of parts of a series.</summary>
public sealed class SeveralImagesTests
{
    private static readonly Representation Mosaics = new() { Image = ImageKind.ZoomMosaic, Arm = Arm.Image };
    private static readonly Representation WithHalves = Mosaics with { Windows = ImageWindows.WholeAndHalves };

    [Fact]
    public void Each_channel_has_the_image_that_it_would_have_alone()
    {
        var series = Samples.Wave(100, numChannels: 3);
        var sheet = Samples.Build(Mosaics, series);
        Assert.Equal(new SampleImages(3, 1, 1), sheet.Images);
        for (var c = 0; c < 3; c++)
            Assert.Equal(Square(Samples.Build(Mosaics, new TimeSeries([series.Channel(c).ToArray()])), 0, 0), Square(sheet, 0, c));
        Assert.StartsWith("USER: c0: <image>\nc1: <image>\nc2: <image>\nWhich class?", sheet.Prompt);
    }

    [Fact]
    public void Windows_are_images_of_their_own_halves()
    {
        var series = Samples.Wave(128);
        var sheet = Samples.Build(WithHalves, series);
        Assert.Equal(new SampleImages(1, 4, 1), sheet.Images);
        Range[] parts = [Range.All, 0..64, 32..96, 64..128];
        foreach (var (window, steps) in parts.Index())
        {
            var alone = Samples.Build(Mosaics, Samples.Series(series.Channel(0).ToArray()[steps]));
            Assert.Equal(Square(alone, 0, 0), Square(sheet, window, 0));
        }
        Assert.StartsWith("USER: <image><image><image><image>\nWhich class?", sheet.Prompt);
    }

    /// <summary>Fixed by the longest training series, so that all samples have equally many images.</summary>
    [Theory]
    [InlineData(63, 1)]
    [InlineData(64, 4)]
    public void Series_of_fewer_than_64_steps_are_shown_whole(int longest, int expected)
    {
        Assert.Equal(expected, Samples.Build(WithHalves, Samples.Wave(3), Samples.Wave(longest)).Images.Count);
        Assert.Equal(expected, Samples.Build(WithHalves, Samples.Wave(200), Samples.Wave(longest)).Images.Count);
    }

    [Theory]
    [InlineData(1, 101)]
    [InlineData(2, 101)]
    [InlineData(3, 101)]
    [InlineData(3, 4)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    public void A_window_has_half_the_steps_and_stays_within_the_series(int window, int length)
    {
        var (start, count) = ZoomMosaic.Steps(window, length).GetOffsetAndLength(length);
        Assert.InRange(start + count, 1, length);
        Assert.InRange(count, length < 4 ? length : length / 2, length < 4 ? length : (length / 2) + 1);
    }

    [Fact]
    public void Blank_images_are_as_many_and_white()
    {
        var sheet = Samples.Build(WithHalves with { Arm = Arm.BlankImage, Text = TextKind.None }, Samples.Wave(100, numChannels: 2));
        Assert.Equal(8, sheet.Images.Count);
        Assert.All(PngImage.Decode(sheet.Image!).Rgb, part => Assert.Equal(255, part));
        Assert.Equal(Samples.Build(WithHalves, Samples.Wave(100, numChannels: 2)).Prompt, sheet.Prompt);
    }

    /// <summary>A model with 9 tokens an image: 12 images of 9 tokens are 108, of 3 tokens 36.</summary>
    [Theory]
    [InlineData(216, 1)]
    [InlineData(215, 3)]
    public void Neighbouring_patches_share_a_token_where_images_would_take_more_than_half_of_the_context(int contextLength, int expected)
    {
        var sample = Samples.Build(Mosaics with { ContextLength = contextLength }, Samples.Wave(10, numChannels: 12));
        Assert.Equal(expected, sample.Images.PatchesPerToken);
    }

    [Fact]
    public void Images_that_do_not_fit_with_one_token_each_are_refused()
    {
        var error = Assert.Throws<RepresentationException>(() =>
            Samples.Build(WithHalves with { ContextLength = 60 }, Samples.Wave(100, numChannels: 8)));
        Assert.Contains("expected at most 30 images, half of the context of 60 tokens, found 32 (8 channels, 4 windows)", error.Message);
    }

    [Fact]
    public void More_channels_than_24_become_components_that_hold_their_variance()
    {
        var random = new Random(1);
        // 40 channels that mix 3 sources: the first 3 components hold all there is.
        double[][] weights = [.. Enumerable.Range(0, 40)
            .Select(_ => new[] { random.NextDouble(), random.NextDouble(), random.NextDouble() })];
        TimeSeries[] training = [.. Enumerable.Range(0, 5).Select(_ => Mixed(random, weights))];
        var fitted = Samples.Fit(Mosaics, training);
        Assert.Equal((40, 24), (fitted.NumChannels, fitted.Images.NumChannels));
        Assert.Contains("The 40 channels are shown as 24 principal components", Assert.Single(fitted.Warnings));
        var components = fitted.Components!.Apply(training[0]);
        double[] variances = [.. Enumerable.Range(0, 24).Select(c => components.Channel(c).ToArray().Average(value => value * value))];
        Assert.True(variances[..3].Sum() > 0.999 * variances.Sum());
        Assert.Equal(24, new SampleBuilder(fitted, Samples.Model()).Build(training[0]).Images.Count);

        var stored = JsonSerializer.Deserialize<FittedRepresentation>(JsonSerializer.Serialize(fitted, ContractJson.Indented),
            ContractJson.Indented)!;
        Assert.Equal(new SampleBuilder(fitted, Samples.Model()).Build(training[1]).Image,
            new SampleBuilder(stored, Samples.Model()).Build(training[1]).Image);
        var error = Assert.Throws<RepresentationException>(() => new SampleBuilder(fitted, Samples.Model()).Build(Samples.Wave(30, 24)));
        Assert.Contains("expected 40 channels", error.Message);
    }

    [Fact]
    public void Statistics_are_in_the_prompt_and_beside_it_in_the_data_sets_scale()
    {
        var representation = Mosaics with { Arm = Arm.Both, Text = TextKind.Statistics };
        var sample = Samples.Build(representation, Samples.Series([3, 5, 4]), Samples.Series([0, 2, 4]), Samples.Series([2, 2, 2]));
        // Over the training split the mean is 2, the deviation sqrt(4/3): 1.1547.
        Assert.StartsWith("USER: <image>\nlength 3 mean 1.73 std 0.71 min 0.87 max 2.60\nWhich class?", sample.Prompt);
        Assert.Equal([3, 1.7321f, 0.7071f, 0.8660f, 2.5981f, -0.3452f], sample.Statistics!, (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Null(Samples.Build(Mosaics, Samples.Wave(10)).Statistics);
        Assert.Null(Samples.Build(representation with { Arm = Arm.BlankImage, Text = TextKind.None }, Samples.Wave(10)).Statistics);
    }

    private static TimeSeries Mixed(Random random, double[][] weights)
    {
        var sources = Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 60).Select(_ => random.NextDouble()).ToArray()).ToArray();
        return new(weights.Select(of => Enumerable.Range(0, 60)
            .Select(t => of.Select((weight, s) => weight * sources[s][t]).Sum()).ToArray()));
    }

    private static byte[] Square(SampleInput sample, int window, int channel)
    {
        var (width, _, rgb) = PngImage.Decode(sample.Image!);
        return PngImage.Part(rgb, width, window * Samples.ImageSize, channel * Samples.ImageSize, Samples.ImageSize, Samples.ImageSize);
    }
}
