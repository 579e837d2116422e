using System.Globalization;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>How an InceptionTime ensemble is trained (Fawaz et al. 2020, arXiv 1909.04939, and the authors' code).</summary>
internal sealed record InceptionTimeSettings
{
    /// <summary>Name of the baseline as published; with fewer or more epochs it is NAME:EPOCHS.</summary>
    public const string Name = "inceptiontime";

    /// <summary>Epochs as published.</summary>
    public const int PublishedEpochs = 1500;

    private const int MaxEpochs = 99_999;

    /// <summary>
    /// Networks whose probabilities are averaged; they differ in their starting weights and in the order of their batches.
    /// </summary>
    public int NumNetworks { get; init; } = 5;

    /// <summary>Passes over the training series, for each network.</summary>
    public int NumEpochs { get; init; } = PublishedEpochs;

    /// <summary>Series a step; the last step of an epoch takes what is left.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Sizes of each network.</summary>
    public InceptionShape Shape { get; init; } = InceptionShape.Published;

    /// <summary>
    /// The settings that a baseline's name stands for; null where it is no InceptionTime. The published number of epochs has no other name
    /// than
    /// <see cref="Name"/>, so that a result can be told by its name.
    /// </summary>
    public static InceptionTimeSettings? Of(string name)
    {
        if (name == Name) return new();
        if (!name.StartsWith($"{Name}:", StringComparison.Ordinal)) return null;
        var text = name[(Name.Length + 1)..];
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var numEpochs) && text[0] != '0';
        return isNumber && numEpochs is <= MaxEpochs and not PublishedEpochs ? new() { NumEpochs = numEpochs } : null;
    }
}
