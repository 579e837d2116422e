using TsVlm.Representations;

namespace TsVlm.VisionLanguage;

/// <summary>Turns samples into what a model reads, with the tokenizer and image preprocessing of its folder.</summary>
/// <param name="model">The model's folder.</param>
public sealed class SampleEncoding(ModelFolder model)
{
    private readonly ConversationEncoding conversation = new(model.Tokenizer, model.Inputs.Template);

    /// <summary>Preprocesses images as the model's folder says.</summary>
    public ImageProcessor Images { get; } = ImageProcessor.Open(model.Path);

    /// <summary>How samples become tensors on a device.</summary>
    public BatchFormat Format(ComputeDevice device) => new(Images, model.Tokenizer.PadId ?? model.Tokenizer.EosId ?? 0, device.Device);

    /// <summary>Prompt and answer as one sequence; targets only on the answer.</summary>
    public EncodedSample Encode(Sample sample)
    {
        var sequence = conversation.Encode(sample.Input.Prompt, sample.Answer, NumImageTokens(sample.Input));
        return new(sample.Case, sequence.InputIds, sequence.TargetIds, Pixels(sample.Input));
    }

    /// <summary>The prompt alone, with the position of its class for a probe to learn.</summary>
    public EncodedSample EncodeForProbe(int number, SampleInput input, int target)
    {
        var prompt = EncodePrompt(input);
        return new(number, prompt.InputIds, [.. Enumerable.Repeat(EncodedSample.IgnoredTarget, prompt.InputIds.Length)], prompt.Image) { Class = target };
    }

    /// <summary>The prompt alone, and its image.</summary>
    public EncodedPrompt EncodePrompt(SampleInput input) =>
        new(conversation.EncodePrompt(input.Prompt, NumImageTokens(input)), Pixels(input));

    /// <summary>The tokens that follow the prompt for that answer, end token included.</summary>
    public int[] AnswerTokens(SampleInput input, string answer) => conversation.AnswerTokens(input.Prompt, answer, input.Image is not null);

    /// <summary>Token that ends an answer; null where the tokenizer has none.</summary>
    public int? EndTokenId => model.Tokenizer.EosId;

    /// <summary>The words of generated tokens, up to what ends an answer in the model's template.</summary>
    public string AnswerText(IReadOnlyList<int> tokens)
    {
        var text = model.Tokenizer.Decode(tokens);
        return (model.Inputs.Template.HasTurns ? text : text.Split('\n')[0]).Trim();
    }

    private int NumImageTokens(SampleInput input) => input.Image is null ? 0 : model.Inputs.NumImageTokens;

    private byte[]? Pixels(SampleInput input)
    {
        if (input.Image is null) return null;
        var (width, height, rgb) = PngImage.Decode(input.Image);
        return Images.Fit(rgb, width, height);
    }
}

/// <summary>A prompt as the model reads it.</summary>
/// <param name="InputIds">Tokens, image tokens expanded.</param>
/// <param name="Image">The model's square (S, S, RGB), a byte a value; null without an image.</param>
public sealed record EncodedPrompt(int[] InputIds, byte[]? Image);
