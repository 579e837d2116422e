using System.Text;
using TsVlm.Representations.Images;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Tests.Architecture;

namespace TsVlm.VisionLanguage.Tests.Inputs;

/// <summary>
/// Pixels against CLIPImageProcessor of transformers 4.47 with Pillow 9.4, and in the mode <c>pad</c> against it after LLaVA's own
/// expand2square (tests/fixtures/README.md).
/// </summary>
[Collection(TorchTests.Name)]
public sealed class ImageProcessorTests
{
    private const string LlavaSettings = """
        {
          "size": { "shortest_edge": 336 }, "crop_size": { "height": 336, "width": 336 }, "resample": 3, "rescale_factor": 0.00392156862745098,
          "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]
        }
        """;

    private static string Folder => TestFolders.Fixture("image-processor");

    /// <summary>
    /// Colour, gray, palette and RGBA, wider, taller, larger and smaller than the model's square; each cropped and padded.
    /// </summary>
    public static MatrixTheoryData<string, string> Pictures => new(
        ["chart_640x480", "chart_tall_199x403", "gradient_200x121", "gray_150x100", "noise_336x336", "noise_57x33", "palette_90x64",
        "rgba_120x160"],
        ["crop", "pad"]);

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Resized_pixels_equal_pillow_s_byte_for_byte(string picture, string mode)
    {
        var (_, _, expected) = PngImage.Decode(File.ReadAllBytes(Path.Combine(Folder, "expected_uint8", $"{picture}.{mode}336.png")));
        Assert.Equal(expected, Fit(Processor(336, mode), picture));
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Pixel_values_equal_hugging_face_s(string picture, string mode)
    {
        var images = Processor(56, mode);
        using var actual = images.ToTensor([Fit(images, picture)])!;
        using var file = new SafetensorsFile(Path.Combine(Folder, "expected_56_float32.safetensors"));
        using var expected = file.Read($"{picture}.{mode}56");
        using var only = actual[0];
        Close.To(expected, only, 1e-5, picture);
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Sums_of_pixel_values_equal_hugging_face_s(string picture, string mode)
    {
        var images = Processor(336, mode);
        var values = new float[3 * 336 * 336];
        images.Normalise(Fit(images, picture), values);
        var expected = HuggingFace.Json("image-processor/expected_stats.json").GetProperty($"{picture}.{mode}336");
        Assert.Equal(expected.GetProperty("sum").GetDouble(), values.Sum(value => (double)value), 0.1);
        Assert.Equal(expected.GetProperty("abs_sum").GetDouble(), values.Sum(value => Math.Abs((double)value)), 0.1);
        Assert.Equal(expected.GetProperty("first5").EnumerateArray().Select(value => value.GetDouble()), values.Take(5)
            .Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData("""{ }""", """, "do_pad": true""", true)]
    [InlineData("""{ "image_aspect_ratio": "pad" }""", "", true)]
    [InlineData("""{ "image_aspect_ratio": "pad" }""", """, "do_pad": false""", false)]
    [InlineData("""{ "image_aspect_ratio": "square" }""", "", false)]
    public void The_models_files_say_whether_a_picture_is_put_on_a_square(string config, string setting, bool pads)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), config);
        File.WriteAllText(folder.File("preprocessor_config.json"),
            LlavaSettings.Replace("\"resample\": 3", $"\"resample\": 3{setting}", StringComparison.Ordinal));
        var square = ImageProcessor.Open(folder.Path).Fit(new byte[30 * 10 * 3], 30, 10);
        byte[] mean = [122, 116, 104];
        Assert.Equal(pads ? mean : [0, 0, 0], square[..3]);
    }

    [Fact]
    public void An_aspect_ratio_that_is_not_supported_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), """{ "image_aspect_ratio": "anyres" }""");
        File.WriteAllText(folder.File("preprocessor_config.json"), LlavaSettings);
        var error = Assert.Throws<CheckpointException>(() => ImageProcessor.Open(folder.Path));
        Assert.Contains("image_aspect_ratio: expected square or pad, found 'anyres'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_of_the_models_own_size_is_left_as_it_is()
    {
        var picture = new byte[336 * 336 * 3];
        Assert.Same(picture, Parse(LlavaSettings).Fit(picture, 336, 336));
    }

    [Fact]
    public void Bytes_become_the_channels_own_normalised_values_channel_by_channel()
    {
        var images = Parse(LlavaSettings);
        var picture = new byte[336 * 336 * 3];
        for (var i = 0; i < picture.Length; i += 3) (picture[i], picture[i + 1], picture[i + 2]) = (255, 128, 0);
        var values = new float[picture.Length];
        images.Normalise(picture, values);
        var plane = 336 * 336;
        Assert.Equal((1 - 0.48145466) / 0.26862954, values[0], 1e-6);
        Assert.Equal((128 / 255.0 - 0.4578275) / 0.26130258, values[plane], 1e-6);
        Assert.Equal(-0.40821073 / 0.27577711, values[2 * plane], 1e-6);
    }

    [Fact]
    public void Sizes_of_older_files_are_single_numbers() =>
        Assert.Equal(224, Parse("""{ "size": 224, "crop_size": 224, "image_mean": [0, 0, 0], "image_std": [1, 1, 1] }""").ImageSize);

    [Theory]
    [InlineData("\"resample\": 3", "\"resample\": 2", "'resample': expected 3 (bicubic), found 2")]
    [InlineData("\"resample\": 3", "\"do_normalize\": false", "'do_normalize': expected true, found false")]
    [InlineData("\"resample\": 3", "\"do_pad\": 1", "'do_pad': expected true or false, found 1")]
    [InlineData("\"width\": 336", "\"width\": 224", "expected a square")]
    [InlineData("\"shortest_edge\": 336", "\"shortest_edge\": 224", "at least the crop_size, 336")]
    [InlineData("[0.48145466, 0.4578275, 0.40821073]", "[0.5]", "'image_mean': expected three numbers, found [0.5]")]
    [InlineData("image_std", "deviation", "expected 'image_std', found none")]
    [InlineData("{", "", "expected JSON")]
    public void A_setting_that_would_change_the_pixels_unseen_is_refused(string setting, string other, string why)
    {
        var error = Assert.Throws<InvalidDataException>(() => Parse(LlavaSettings.Replace(setting, other, StringComparison.Ordinal)));
        Assert.StartsWith("settings.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_with_too_few_bytes_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Parse(LlavaSettings).Fit(new byte[299], 10, 10));
        Assert.Contains("expected 300 bytes", error.Message, StringComparison.Ordinal);
    }

    private static ImageProcessor Parse(string json) => ImageProcessor.Parse(Encoding.UTF8.GetBytes(json), "settings.json");

    /// <summary>The fixture's settings at either size.</summary>
    private static ImageProcessor Processor(int size, string mode) => ImageProcessor.Parse(
        Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(Folder, "preprocessor_config.json"))
            .Replace("336", $"{size}", StringComparison.Ordinal)),
        "preprocessor_config.json", padsToSquare: mode == "pad");

    private static byte[] Fit(ImageProcessor images, string picture)
    {
        var (width, height, rgb) = PngImage.Decode(File.ReadAllBytes(Path.Combine(Folder, "inputs", $"{picture}.png")));
        return images.Fit(rgb, width, height);
    }
}
