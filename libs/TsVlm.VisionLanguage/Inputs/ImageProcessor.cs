using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage;

/// <summary>Makes pixel values of a picture as Hugging Face's CLIPImageProcessor does, by a model's preprocessor_config.json.</summary>
public sealed class ImageProcessor
{
    private const int Channels = 3;
    private const int Bicubic = 3;

    private readonly int _shortestEdge;
    private readonly float[][] _pixelValue; // (channel, byte) -> normalised value

    private ImageProcessor(int shortestEdge, int imageSize, double rescale, double[] mean, double[] deviation)
    {
        _shortestEdge = shortestEdge;
        ImageSize = imageSize;
        _pixelValue = [.. Enumerable.Range(0, Channels).Select(c =>
            Enumerable.Range(0, 256).Select(u => (float)((u * rescale - mean[c]) / deviation[c])).ToArray())];
    }

    /// <summary>Width and height of the model's images, in pixels.</summary>
    public int ImageSize { get; }

    /// <summary>Reads a preprocessor_config.json.</summary>
    /// <exception cref="InvalidDataException">A setting is missing, malformed or not supported.</exception>
    public static ImageProcessor Read(string path) => Parse(File.ReadAllBytes(path), path);

    /// <summary>Reads the content of a preprocessor_config.json; <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="InvalidDataException">A setting is missing, malformed or not supported.</exception>
    public static ImageProcessor Parse(ReadOnlyMemory<byte> json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new PreprocessorSettings(document.RootElement, source).ToProcessor();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{source}: expected JSON, found: {e.Message}", e);
        }
    }

    /// <summary>
    /// The picture (height, width, RGB) as the model's square (S, S, RGB): the shortest edge is brought to size by Pillow's
    /// bicubic filter, and the centre is cut out. A picture of that size already is returned as it is.
    /// </summary>
    public byte[] Fit(byte[] rgb, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(rgb);
        var numBytes = (long)width * height * Channels;
        if (width < 1 || height < 1 || rgb.Length != numBytes)
            throw new ArgumentException($"A picture of {width} x {height}: expected {numBytes} bytes of RGB, found {rgb.Length}.", nameof(rgb));
        if (width == ImageSize && height == ImageSize && _shortestEdge == ImageSize) return rgb;
        var (newWidth, newHeight) = width <= height
            ? (_shortestEdge, (int)((long)_shortestEdge * height / width))
            : ((int)((long)_shortestEdge * width / height), _shortestEdge);
        return CentreCrop(BicubicResize.Resize(rgb, width, height, newWidth, newHeight), newWidth, newHeight);
    }

    /// <summary>Writes the pixel values (3, S, S) of the model's square (S, S, RGB): (value * rescale - mean) / deviation of the channel.</summary>
    public void Normalise(ReadOnlySpan<byte> rgb, Span<float> pixelValues)
    {
        var plane = ImageSize * ImageSize;
        if (rgb.Length != plane * Channels)
            throw new ArgumentException($"An image of {ImageSize} x {ImageSize}: expected {plane * Channels} bytes of RGB, found {rgb.Length}.", nameof(rgb));
        for (var c = 0; c < Channels; c++)
        {
            var values = _pixelValue[c];
            var target = pixelValues.Slice(c * plane, plane);
            for (var i = 0; i < plane; i++) target[i] = values[rgb[i * Channels + c]];
        }
    }

    /// <summary>Pixel values (N, 3, S, S) of the model's squares, on the CPU; null for none.</summary>
    public Tensor? ToTensor(IReadOnlyList<byte[]> squares)
    {
        if (squares.Count == 0) return null;
        var perImage = Channels * ImageSize * ImageSize;
        var values = new float[squares.Count * perImage];
        for (var i = 0; i < squares.Count; i++) Normalise(squares[i], values.AsSpan(i * perImage, perImage));
        return torch.tensor(values, [squares.Count, Channels, ImageSize, ImageSize]);
    }

    private byte[] CentreCrop(byte[] rgb, int width, int height)
    {
        var (left, top) = ((width - ImageSize) / 2, (height - ImageSize) / 2);
        var rowBytes = ImageSize * Channels;
        var result = new byte[ImageSize * rowBytes];
        for (var y = 0; y < ImageSize; y++)
            Array.Copy(rgb, ((top + y) * width + left) * Channels, result, y * rowBytes, rowBytes);
        return result;
    }

    /// <summary>The JSON of a preprocessor_config.json, read member by member; anything that would change the pixels unseen is refused.</summary>
    private sealed class PreprocessorSettings(JsonElement root, string source)
    {
        public ImageProcessor ToProcessor()
        {
            foreach (var step in (string[])["do_resize", "do_center_crop", "do_rescale", "do_normalize"]) RequireTrue(step);
            if (root.TryGetProperty("resample", out var resample) && !(resample.TryGetInt32(out var filter) && filter == Bicubic))
                throw Unexpected("resample", $"{Bicubic} (bicubic)", resample);
            var shortestEdge = Edge("size", "shortest_edge");
            var imageSize = Edge("crop_size", "height");
            if (Edge("crop_size", "width") != imageSize) throw Unexpected("crop_size", "a square", root.GetProperty("crop_size"));
            if (shortestEdge < imageSize) throw Unexpected("size", $"at least the crop_size, {imageSize}", root.GetProperty("size"));
            var rescale = root.TryGetProperty("rescale_factor", out var factor) ? factor.GetDouble() : 1 / 255.0;
            return new ImageProcessor(shortestEdge, imageSize, rescale, PerChannel("image_mean"), PerChannel("image_std"));
        }

        private void RequireTrue(string name)
        {
            if (root.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.True) throw Unexpected(name, "true", value);
        }

        /// <summary>Older files give one number where newer ones give an object.</summary>
        private int Edge(string name, string edge)
        {
            var value = Required(name);
            var number = value.ValueKind is JsonValueKind.Object && value.TryGetProperty(edge, out var inner) ? inner : value;
            return number.ValueKind is JsonValueKind.Number && number.TryGetInt32(out var pixels) && pixels > 0
                ? pixels
                : throw Unexpected(name, $"a number of pixels or an object with '{edge}'", value);
        }

        private double[] PerChannel(string name)
        {
            var value = Required(name);
            return value.ValueKind is JsonValueKind.Array && value.GetArrayLength() == Channels
                && value.EnumerateArray().All(v => v.ValueKind is JsonValueKind.Number)
                ? [.. value.EnumerateArray().Select(v => v.GetDouble())]
                : throw Unexpected(name, "three numbers", value);
        }

        private JsonElement Required(string name) =>
            root.ValueKind is JsonValueKind.Object && root.TryGetProperty(name, out var value)
                ? value
                : throw new InvalidDataException($"{source}: expected '{name}', found none.");

        private InvalidDataException Unexpected(string name, string expected, JsonElement found) =>
            new($"{source}: '{name}': expected {expected}, found {found.GetRawText()}.");
    }
}
