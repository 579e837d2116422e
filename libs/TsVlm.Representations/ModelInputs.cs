using TsVlm.Contracts;

namespace TsVlm.Representations;

/// <summary>Counts the tokens of a text, begin and end tokens not included.</summary>
public delegate int TokenCounter(string text);

/// <summary>What building samples must know of the model they are for.</summary>
/// <param name="ImageSize">Width and height of the model's images, in pixels.</param>
/// <param name="PatchSize">Width and height of the patches that the vision tower cuts an image into, in pixels.</param>
/// <param name="NumImageTokens">Tokens that one image takes in the sequence.</param>
/// <param name="Template">How a question becomes a prompt.</param>
/// <param name="CountTokens">The model's own tokenizer, as a count.</param>
public sealed record ModelInputs(int ImageSize, int PatchSize, int NumImageTokens, ConversationTemplate Template, TokenCounter CountTokens)
{
    /// <summary>Most positions that the language model was made for, in tokens.</summary>
    public int MaxPositions { get; init; } = int.MaxValue;

    /// <summary>Tokens that a sequence may have: the representation's context length, within the model's positions.</summary>
    public int ContextLength(Representation representation) => Math.Min(representation.ContextLength, MaxPositions);
}
