using System.Text.Json;
using TorchSharp;
using TsVlm.VisionLanguage.Files;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Inputs;

/// <summary>
/// Makes pixel values of a picture as Hugging Face's CLIPImageProcessor does, by a model's preprocessor_config.json; where the model's
/// files ask for it, a picture is first put on a square of the mean colour, as LLaVA-1.5 was trained.
/// </summary>
public sealed class ImageProcessor
{
    internal const int NumChannels = 3;

    private readonly int shortestEdge;
    private readonly byte[]? padding; // the colour around a picture that is no square; null where none is put there
    private readonly float[][] pixelValue; // (channel, byte) -> normalised value

    internal ImageProcessor(int shortestEdge, int imageSize, bool padsToSquare, double rescale, double[] mean, double[] deviation)
    {
        this.shortestEdge = shortestEdge;
        // LLaVA's mm_utils.py, expand2square: the mean colour, cut off to whole numbers.
        if (padsToSquare) padding = [.. mean.Select(value => (byte)(value * 255))];
        ImageSize = imageSize;
        pixelValue = [.. Enumerable.Range(0, NumChannels).Select(c =>
            Enumerable.Range(0, 256).Select(u => (float)((u * rescale - mean[c]) / deviation[c])).ToArray())];
    }

    /// <summary>Width and height of the model's images, in pixels.</summary>
    public int ImageSize { get; }

    /// <summary>
    /// Reads preprocessor_config.json in a model's folder. <c>do_pad</c> there, or else <c>image_aspect_ratio</c> "pad" in config.json
    /// (LLaVA's own key), asks for the square of the mean colour.
    /// </summary>
    /// <exception cref="InvalidDataException">A setting is missing, malformed or not supported.</exception>
    /// <exception cref="CheckpointException">config.json asks for another aspect ratio.</exception>
    public static ImageProcessor Open(string modelFolder)
    {
        var (path, config) = (Path.Combine(modelFolder, "preprocessor_config.json"), Path.Combine(modelFolder, "config.json"));
        var pads = File.Exists(config)
            && JsonSettings.Parse(File.ReadAllText(config), config).OneOf("image_aspect_ratio", "square", ("square", false), ("pad", true));
        return Parse(File.ReadAllBytes(path), path, pads);
    }

    /// <summary>Reads the content of a preprocessor_config.json; <paramref name="source"/> names it in errors.</summary>
    /// <param name="json">The content.</param>
    /// <param name="source">Its name.</param>
    /// <param name="padsToSquare">Whether a picture is put on a square where the content does not say.</param>
    /// <exception cref="InvalidDataException">A setting is missing, malformed or not supported.</exception>
    public static ImageProcessor Parse(ReadOnlyMemory<byte> json, string source, bool padsToSquare = false)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new PreprocessorSettings(document.RootElement, source).ToProcessor(padsToSquare);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{source}: expected JSON, found: {e.Message}", e);
        }
    }

    /// <summary>
    /// The picture (height, width, RGB) as the model's square (S, S, RGB): padded to a square where the model asks for it, the shortest
    /// edge brought to size by Pillow's bicubic filter, and the centre cut out. A picture of that size already is returned as it is.
    /// </summary>
    public byte[] Fit(byte[] rgb, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(rgb);
        var numBytes = (long)width * height * NumChannels;
        if (width < 1 || height < 1 || rgb.Length != numBytes)
            throw new ArgumentException($"A picture of {width} x {height}: expected {numBytes} bytes of RGB, found {rgb.Length}.",
                nameof(rgb));
        if (width == ImageSize && height == ImageSize && shortestEdge == ImageSize) return rgb;
        if (padding is not null && width != height) (rgb, width, height) = PadToSquare(rgb, width, height, padding);
        var (newWidth, newHeight) = width <= height
            ? (shortestEdge, (int)((long)shortestEdge * height / width))
            : ((int)((long)shortestEdge * width / height), shortestEdge);
        return CentreCrop(BicubicResize.Resize(rgb, width, height, newWidth, newHeight), newWidth, newHeight);
    }

    /// <summary>
    /// Writes the pixel values (3, S, S) of the model's square (S, S, RGB): (value * rescale - mean) / deviation of the channel.
    /// </summary>
    public void Normalise(ReadOnlySpan<byte> rgb, Span<float> pixelValues)
    {
        var plane = ImageSize * ImageSize;
        if (rgb.Length != plane * NumChannels)
            throw new ArgumentException(
                $"An image of {ImageSize} x {ImageSize}: expected {plane * NumChannels} bytes of RGB, found {rgb.Length}.", nameof(rgb));
        for (var c = 0; c < NumChannels; c++)
        {
            var values = pixelValue[c];
            var target = pixelValues.Slice(c * plane, plane);
            for (var i = 0; i < plane; i++) target[i] = values[rgb[i * NumChannels + c]];
        }
    }

    /// <summary>Pixel values (N, 3, S, S) of the model's squares, on the CPU; null for none.</summary>
    public Tensor? ToTensor(IReadOnlyList<byte[]> squares)
    {
        if (squares.Count == 0) return null;
        var perImage = NumChannels * ImageSize * ImageSize;
        var values = new float[squares.Count * perImage];
        for (var i = 0; i < squares.Count; i++) Normalise(squares[i], values.AsSpan(i * perImage, perImage));
        return torch.tensor(values, [squares.Count, NumChannels, ImageSize, ImageSize]);
    }

    private static (byte[] Rgb, int Width, int Height) PadToSquare(byte[] rgb, int width, int height, byte[] colour)
    {
        var size = Math.Max(width, height);
        var (left, top) = ((size - width) / 2, (size - height) / 2);
        var result = new byte[size * size * NumChannels];
        for (var i = 0; i < result.Length; i++) result[i] = colour[i % NumChannels];
        for (var y = 0; y < height; y++)
            Array.Copy(rgb, y * width * NumChannels, result, ((top + y) * size + left) * NumChannels, width * NumChannels);
        return (result, size, size);
    }

    private byte[] CentreCrop(byte[] rgb, int width, int height)
    {
        var (left, top) = ((width - ImageSize) / 2, (height - ImageSize) / 2);
        var rowBytes = ImageSize * NumChannels;
        var result = new byte[ImageSize * rowBytes];
        for (var y = 0; y < ImageSize; y++)
            Array.Copy(rgb, ((top + y) * width + left) * NumChannels, result, y * rowBytes, rowBytes);
        return result;
    }
}
