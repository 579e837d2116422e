using System.Text;
using TsVlm.Representations;
using TsVlm.Tests;

namespace TsVlm.VisionLanguage.Tests;

/// <summary>Pixels against CLIPImageProcessor of transformers 4.47 with Pillow 9.4 (the fixtures' README; the pictures are not in this repository).</summary>
[Collection(TorchTests.Name)]
public sealed class ImageProcessorTests
{
    private const string LlavaSettings = """
        {
          "size": { "shortest_edge": 336 }, "crop_size": { "height": 336, "width": 336 }, "resample": 3, "rescale_factor": 0.00392156862745098,
          "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]
        }
        """;

    public static TheoryData<string> Pictures =>
        ["chart_640x480", "chart_tall_199x403", "gradient_200x121", "gray_150x100", "noise_336x336", "noise_57x33", "palette_90x64"];

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Resized_and_cropped_pixels_equal_pillow_s(string picture)
    {
        var folder = PicturesFolder();
        var (_, _, expected) = PngImage.Decode(File.ReadAllBytes(Path.Combine(folder, "expected_uint8", $"{picture}.crop336.png")));
        Assert.Equal(expected, Fit(ImageProcessor.Read(Path.Combine(folder, "preprocessor_config.json")), folder, picture));
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Pixel_values_equal_hugging_face_s(string picture)
    {
        var folder = PicturesFolder();
        var images = ImageProcessor.Read(Path.Combine(HuggingFace.TinyFolder, "preprocessor_config.json"));
        using var actual = images.ToTensor([Fit(images, folder, picture)])!;
        using var file = new SafetensorsFile(Path.Combine(folder, "expected_56_float32.safetensors"));
        using var expected = file.Read($"{picture}.crop56");
        using var only = actual[0];
        Close.To(expected, only, 1e-5, picture);
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

    private static byte[] Fit(ImageProcessor images, string folder, string picture)
    {
        var (width, height, rgb) = PngImage.Decode(File.ReadAllBytes(Path.Combine(folder, "inputs", $"{picture}.png")));
        return images.Fit(rgb, width, height);
    }

    private static string PicturesFolder()
    {
        var folder = Path.Combine(TestFolders.Repository, "..", "shared", "fixtures", "hf-parity", "image-processor");
        Assert.SkipUnless(Directory.Exists(folder), $"The reference pictures are not at {Path.GetFullPath(folder)}; they are not part of this repository.");
        return folder;
    }
}
