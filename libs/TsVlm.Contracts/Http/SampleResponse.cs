namespace TsVlm.Contracts.Http;

/// <summary>What a model is given of a test case.</summary>
/// <param name="Case">Number of the case in the data set.</param>
/// <param name="Prompt">The text; each <c>&lt;image&gt;</c> stands for an image.</param>
/// <param name="Answer">The answer of its class.</param>
/// <param name="DownsamplingFactor">Time steps for each point of the text.</param>
/// <param name="Image">The images as one PNG file; null where there is none.</param>
public sealed record SampleResponse(int Case, string Prompt, string Answer, int DownsamplingFactor, byte[]? Image)
{
    /// <summary>Tokens of the text and the begin token, by the model's own tokenizer; null where the model is not at hand.</summary>
    public int? NumTextTokens { get; init; }

    /// <summary>Tokens that the images take; null likewise.</summary>
    public int? NumImageTokens { get; init; }
}
