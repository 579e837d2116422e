namespace TsVlm.Contracts;

/// <summary>What data generation found out: the token budget and how many samples there are.</summary>
public sealed record SamplesReport
{
    /// <summary>Samples to learn from.</summary>
    public required int NumTrain { get; init; }

    /// <summary>Samples that choose the best checkpoint.</summary>
    public required int NumValidation { get; init; }

    /// <summary>Samples the metrics are computed on.</summary>
    public required int NumTest { get; init; }

    /// <summary>Time steps for each point of the text; the smallest with which every training sample fits.</summary>
    public required int DownsamplingFactor { get; init; }

    /// <summary>Tokens of the longest sequence, image tokens and answer included.</summary>
    public required int LongestSequence { get; init; }

    /// <summary>Tokens that a sequence may have.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Validation and test samples that needed a larger factor than the training samples.</summary>
    public required int NumShortenedFurther { get; init; }

    /// <summary>What a user should know of the data, the split and the representation, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
