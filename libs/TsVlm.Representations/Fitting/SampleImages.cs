using TsVlm.Contracts;

namespace TsVlm.Representations.Fitting;

/// <summary>
/// The images of one sample: one image, or of a zoom mosaic one for each channel and window, as a sheet with a row for each channel.
/// </summary>
/// <param name="NumChannels">Channels that have images of their own; 1 where one image shows all channels.</param>
/// <param name="NumWindows">Images of each channel.</param>
/// <param name="PatchesPerToken">
/// Neighbouring patches whose mean is one image token; 1 unless the images are too many for the context.
/// </param>
public sealed record SampleImages(int NumChannels, int NumWindows, int PatchesPerToken)
{
    /// <summary>Fewest steps with windows; of fewer they show little that the whole does not.</summary>
    internal const int ShortestWithWindows = 64;

    private const int NumOfWholeAndHalves = 4;

    // Work grows with the number of images.
    private const int MaxChannels = 24;

    /// <summary>A single image.</summary>
    public static SampleImages One { get; } = new(1, 1, 1);

    /// <summary>Number of images.</summary>
    public int Count => NumChannels * NumWindows;

    /// <summary>A mark for each image, and the name of its channel where there are several.</summary>
    internal string Marks => string.Join('\n', Enumerable.Range(0, NumChannels).Select(channel =>
        (NumChannels == 1 ? "" : $"c{channel}: ") + string.Concat(Enumerable.Repeat(ConversationTemplate.ImageToken, NumWindows))));

    /// <summary>Components that channels are brought to where each would have an image and there are more; null where they stay.</summary>
    /// <exception cref="RepresentationException">There are rationales, which name channels.</exception>
    internal static int? NumComponents(Representation representation, int numChannels)
    {
        if (representation.Image is not ImageKind.ZoomMosaic || !representation.HasImage || numChannels <= MaxChannels) return null;
        return representation.Rationale is null ? MaxChannels : throw new RepresentationException(
            $"Images: expected at most {MaxChannels} channels for zoom mosaics with rationales, which name channels, found {numChannels}; "
            + "choose another kind of image.");
    }

    /// <summary>
    /// The images that show the series of a data set. Where there are several, as many patches share a token as it takes for the images to
    /// leave half of the context to the rest.
    /// </summary>
    /// <param name="representation">The settings.</param>
    /// <param name="model">The model's tokens an image.</param>
    /// <param name="numChannels">Channels of the series.</param>
    /// <param name="numSteps">Time steps of the longest training series.</param>
    /// <exception cref="RepresentationException">Too many images even with one token each.</exception>
    internal static SampleImages Of(Representation representation, ModelInputs model, int numChannels, int numSteps)
    {
        if (representation.Image is not ImageKind.ZoomMosaic || !representation.HasImage) return One;
        var numWindows = representation.Windows is ImageWindows.WholeAndHalves && numSteps >= ShortestWithWindows ? NumOfWholeAndHalves : 1;
        var all = new SampleImages(numChannels, numWindows, 1);
        if (all.Count == 1) return One;
        var most = model.ContextLength(representation) / 2;
        for (var shared = 1; shared <= model.NumImageTokens; shared++)
            if (model.NumImageTokens % shared == 0 && all.Count * (model.NumImageTokens / shared) <= Math.Max(most, model.NumImageTokens))
                return all with { PatchesPerToken = shared };
        throw new RepresentationException(
            $"Images: expected at most {most} images, half of the context of {model.ContextLength(representation)} tokens, found "
            + $"{all.Count} ({numChannels} channels, {numWindows} windows); take a larger context length.");
    }
}
