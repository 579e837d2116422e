using TsVlm.Models;
namespace TsVlm.VisionLanguage.Inputs;

/// <summary>A sample as the model reads it, kept small until its batch is made.</summary>
/// <param name="Case">Number of the case in its data set.</param>
/// <param name="InputIds">The whole sequence: prompt with expanded image tokens, and answer.</param>
/// <param name="TargetIds">The same length: the answer's ids at the answer's places, -100 elsewhere.</param>
/// <param name="Images">The model's squares (S, S, RGB), a byte a value; none without an image.</param>
public sealed record EncodedSample(int Case, int[] InputIds, int[] TargetIds, IReadOnlyList<byte[]> Images)
{
    /// <summary>Image tokens of each image.</summary>
    public int TokensPerImage { get; init; }

    /// <summary>Images of each channel, the whole first: a probe reads the others together.</summary>
    public int NumWindows { get; init; } = 1;

    /// <summary>Statistics of the series that a probe reads beside the images; none where the prompt states none.</summary>
    public IReadOnlyList<float> Statistics { get; init; } = [];

    /// <summary>
    /// Position of the class among the classes, for a prompt without answer whose class a probe tells; null for a whole sequence.
    /// </summary>
    public int? Class { get; init; }

    /// <summary>Where the targets of a rationale are, beside those of the answer; null where there is none.</summary>
    public RationalePlace? Rationale { get; init; }

    /// <summary>Weight of the rationale's targets in the loss; those of the answer have 1.</summary>
    public double RationaleWeight { get; init; } = 1;

    /// <summary>
    /// The sequence with the answer behind a rationale, for a prompt alone whose rationale the model is to write first; null for others.
    /// </summary>
    public Func<string, EncodedSample>? Given { get; init; }

    /// <summary>Tokens that the loss is taken over: targets that are not ignored, after the shift by one.</summary>
    public int NumAnswerTokens => TargetIds.Skip(1).Count(id => id != ConversationEncoding.IgnoredTarget);
}

/// <summary>The part of a sequence that is learnt as a rationale: all that is neither prompt nor answer.</summary>
/// <param name="Start">Position of its first token.</param>
/// <param name="End">Position behind its last one.</param>
public sealed record RationalePlace(int Start, int End);
