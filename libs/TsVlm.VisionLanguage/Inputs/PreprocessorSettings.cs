using System.Text.Json;

namespace TsVlm.VisionLanguage.Inputs;

/// <summary>
/// The JSON of a preprocessor_config.json, read member by member; anything that would change the pixels unseen is refused.
/// </summary>
internal sealed class PreprocessorSettings(JsonElement root, string source)
{
    private const int Bicubic = 3;

    /// <summary>The processor; <paramref name="padsOtherwise"/> says whether it pads to a square where the file does not.</summary>
    public ImageProcessor ToProcessor(bool padsOtherwise)
    {
        foreach (var step in (string[])["do_resize", "do_center_crop", "do_rescale", "do_normalize"]) RequireTrue(step);
        if (root.TryGetProperty("resample", out var resample) && !(resample.TryGetInt32(out var filter) && filter == Bicubic))
            throw Unexpected("resample", $"{Bicubic} (bicubic)", resample);
        var shortestEdge = Edge("size", "shortest_edge");
        var imageSize = Edge("crop_size", "height");
        if (Edge("crop_size", "width") != imageSize) throw Unexpected("crop_size", "a square", root.GetProperty("crop_size"));
        if (shortestEdge < imageSize) throw Unexpected("size", $"at least the crop_size, {imageSize}", root.GetProperty("size"));
        var rescale = root.TryGetProperty("rescale_factor", out var factor) ? factor.GetDouble() : 1 / 255.0;
        return new ImageProcessor(shortestEdge, imageSize, PadsToSquare(padsOtherwise), rescale, PerChannel("image_mean"),
            PerChannel("image_std"));
    }

    // The key of transformers' LlavaImageProcessor.
    private bool PadsToSquare(bool otherwise)
    {
        if (!root.TryGetProperty("do_pad", out var pads)) return otherwise;
        return pads.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? pads.GetBoolean() : throw Unexpected("do_pad", "true or false", pads);
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
        return value.ValueKind is JsonValueKind.Array && value.GetArrayLength() == ImageProcessor.NumChannels
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
