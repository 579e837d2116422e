using System.Text.Json.Serialization;

namespace TsVlm.Contracts;

/// <summary>A representation and a recipe under one name; with a data set, a resample and a seed it makes a run.</summary>
public sealed record Scenario
{
    /// <summary>What people call it; it does not enter <see cref="ContentHash"/>.</summary>
    public required string Name { get; init; }

    /// <summary>How a series becomes a sample.</summary>
    public Representation Representation { get; init; } = new();

    /// <summary>How the model is fine-tuned.</summary>
    public Recipe Recipe { get; init; } = new();

    /// <summary>Hash of everything but the name: equal for scenarios that would do the same.</summary>
    [JsonIgnore]
    public string ContentHash => TsVlm.Contracts.ContentHash.Of(Canonical() with { Name = "" });

    /// <summary>
    /// The scenario with settings that its arm leaves without effect put to their defaults,
    /// so that scenarios that would do the same are equal.
    /// </summary>
    public Scenario Canonical()
    {
        var representation = Representation;
        if (representation.Arm is Arm.Image) representation = representation with { Text = TextKind.None };
        var hasNumbers = representation.Text is not (TextKind.None or TextKind.Statistics);
        var drawsSeries = representation.Arm is Arm.Both or Arm.Image or Arm.ShuffledImage;
        // A blank image is the same for all kinds but one, which may take several.
        if (!drawsSeries && !(representation is { Arm: Arm.BlankImage, Image: ImageKind.ZoomMosaic }))
            representation = representation with { Image = ImageKind.LinePlot };
        if (!drawsSeries || !representation.Image.IsCurve())
            representation = representation with { ChannelLayout = ChannelLayout.Overlaid };
        if (representation.Image is not ImageKind.ZoomMosaic) representation = representation with { Windows = ImageWindows.Whole };
        if (!representation.Image.IsField()) representation = representation with { Views = ImageViews.Series };
        // Without numbers every series fits the context as it is, so nothing is ever downsampled.
        if (!hasNumbers) representation = representation with { Downsampling = DownsamplingMethod.None };
        if (representation is { Text: TextKind.None, Rationale: null }) representation = representation with { Numbers = new NumberFormat() };
        if (!drawsSeries || !hasNumbers) representation = representation with { PlotFrom = PlotSource.Raw };
        var recipe = Recipe.Canonical();
        if (representation.Rationale is null) recipe = recipe with { RationaleWeight = null, RationaleDropout = 0 };
        return this with { Representation = representation, Recipe = recipe };
    }
}
