namespace TsVlm.Representations.Samples;

/// <summary>What a prompt takes of the sequence, without the answer.</summary>
/// <param name="Text">Tokens of the text with the begin token.</param>
/// <param name="Images">Tokens of the images.</param>
public readonly record struct PromptTokens(int Text, int Images)
{
    /// <summary>Counts as the model reads: the texts on both sides of an image are tokenized separately.</summary>
    /// <param name="input">The sample.</param>
    /// <param name="model">The model's tokenizer and images.</param>
    public static PromptTokens Of(SampleInput input, ModelInputs model)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(model);
        var parts = input.Prompt.Split(ConversationTemplate.ImageToken);
        return new(1 + parts.Sum(part => model.CountTokens(part)), (parts.Length - 1) * (model.NumImageTokens / input.Images.PatchesPerToken));
    }
}
