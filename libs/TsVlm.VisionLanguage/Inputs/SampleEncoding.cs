using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.Representations;
using TsVlm.Representations.Images;
using TsVlm.Representations.Samples;
using TsVlm.Representations.Text;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.VisionLanguage.Inputs;

/// <summary>Turns samples into what a model reads, with the tokenizer and image preprocessing of its folder.</summary>
/// <param name="model">The model's folder.</param>
/// <param name="rationales">How rationales and answers make a target; null for answers alone.</param>
public sealed class SampleEncoding(ModelFolder model, RationaleFormat? rationales = null)
{
    private readonly ConversationEncoding conversation = new(model.Tokenizer, model.Inputs.Template);

    /// <summary>Preprocesses images as the model's folder says.</summary>
    public ImageProcessor Images { get; } = ImageProcessor.Open(model.Path);

    /// <summary>How samples become tensors on a device.</summary>
    public BatchFormat Format(ComputeDevice device) => new(Images, model.Tokenizer.PadId ?? model.Tokenizer.EosId ?? 0, device.Device);

    /// <summary>
    /// Prompt, answer and, where there are rationales, that of the sample as one sequence; targets only on what is to be learnt.
    /// </summary>
    /// <exception cref="InvalidOperationException">The tokenizer merges the end of one part with the next.</exception>
    public EncodedSample Encode(Sample sample)
    {
        if (rationales is not null) return Explained(sample, rationales, sample.Rationale ?? "");
        var sequence = Sequence(sample.Input, sample.Input.Prompt, sample.Answer);
        return Encoded(sample.Case, sample.Input, sequence.InputIds, sequence.TargetIds);
    }

    /// <summary>
    /// A sample that weights are chosen by, with targets on the answer alone: what follows it is not looked at, and a rationale before it
    /// is the model's own to write, in
    /// <see cref="EncodedSample.Given"/>.
    /// </summary>
    public EncodedSample EncodeForValidation(Sample sample)
    {
        if (rationales is null) return Encode(sample);
        var prompt = EncodePrompt(sample.Input);
        var unknown = Enumerable.Repeat(ConversationEncoding.IgnoredTarget, prompt.InputIds.Length);
        var encoded = Encoded(sample.Case, sample.Input, prompt.InputIds, [.. unknown], prompt.Images);
        if (rationales.Order is RationaleOrder.RationaleFirst)
            return encoded with { Given = rationale => Given(sample, rationale, prompt.Images) };
        var answer = AnswerTokens(sample.Input, sample.Answer);
        return encoded with { InputIds = [.. prompt.InputIds, .. answer], TargetIds = [.. unknown, .. answer] };
    }

    /// <summary>The prompt alone, with the position of its class for a probe to learn.</summary>
    public EncodedSample EncodeForProbe(int number, SampleInput input, int target)
    {
        var prompt = EncodePrompt(input);
        return Encoded(number, input, prompt.InputIds, [.. Enumerable.Repeat(ConversationEncoding.IgnoredTarget, prompt.InputIds.Length)],
            prompt.Images) with { Class = target, Statistics = input.Statistics ?? [] };
    }

    /// <summary>The prompt alone, and its images.</summary>
    public EncodedPrompt EncodePrompt(SampleInput input) =>
        new(conversation.EncodePrompt(input.Prompt, TokensPerImage(input), input.Images.Count), Squares(input));

    /// <summary>
    /// The tokens that follow the prompt for that answer, what ends it in training included: the end token, or the line feed before a
    /// rationale.
    /// </summary>
    public int[] AnswerTokens(SampleInput input, string answer) => rationales is { Order: RationaleOrder.AnswerFirst }
        ? conversation.AnswerTokens(input.Prompt, rationales.Beginning(answer, ""), input.Image is not null, input.Images.Count)[..^1]
        : conversation.AnswerTokens(input.Prompt, answer, input.Image is not null, input.Images.Count);

    /// <summary>Whether tokens that the model has written so far are a whole rationale.</summary>
    public bool EndsRationale(IReadOnlyList<int> tokens) => RationaleFormat.IsEnded(model.Tokenizer.Decode(tokens));

    /// <summary>The rationale that tokens hold.</summary>
    public string RationaleOf(IReadOnlyList<int> tokens) => RationaleFormat.RationaleOf(model.Tokenizer.Decode(tokens));

    /// <summary>Token that ends an answer; null where the tokenizer has none.</summary>
    public int? EndTokenId => model.Tokenizer.EosId;

    /// <summary>The words of generated tokens, up to what ends an answer in the model's template.</summary>
    public string AnswerText(IReadOnlyList<int> tokens)
    {
        var text = model.Tokenizer.Decode(tokens);
        return (model.Inputs.Template.HasTurns ? text : text.Split('\n')[0]).Trim();
    }

    private EncodedSample Explained(Sample sample, RationaleFormat format, string rationale)
    {
        var (prompt, input) = (sample.Input.Prompt, sample.Input);
        var sequence = Sequence(input, prompt, format.Target(sample.Answer, rationale));
        var start = sequence.TargetIds.TakeWhile(id => id == ConversationEncoding.IgnoredTarget).Count();
        var beginning = conversation.AnswerTokens(prompt, format.Beginning(sample.Answer, rationale), input.Image is not null,
            input.Images.Count)[..^1];
        if (!sequence.InputIds.AsSpan(start).StartsWith(beginning))
            throw new InvalidOperationException(
                $"Case {sample.Case}: expected a token border between answer and rationale in '{format.Target(sample.Answer, rationale)}', "
                + "but the tokenizer merges them; use a model whose tokenizer keeps line feeds apart.");
        var border = start + beginning.Length;
        return Encoded(sample.Case, input, sequence.InputIds, sequence.TargetIds) with
        {
            Rationale = format.Order is RationaleOrder.AnswerFirst ? new(border, sequence.InputIds.Length) : new(start, border),
        };
    }

    private EncodedSample Given(Sample sample, string rationale, IReadOnlyList<byte[]> images)
    {
        var sequence = Sequence(sample.Input, RationaleFormat.Given(sample.Input.Prompt, rationale), sample.Answer);
        return Encoded(sample.Case, sample.Input, sequence.InputIds, sequence.TargetIds, images);
    }

    private EncodedSequence Sequence(SampleInput input, string prompt, string target) =>
        conversation.Encode(prompt, target, TokensPerImage(input), input.Images.Count);

    private EncodedSample Encoded(int number, SampleInput input, int[] ids, int[] targets, IReadOnlyList<byte[]>? images = null) =>
        new(number, ids, targets, images ?? Squares(input))
        {
            TokensPerImage = TokensPerImage(input), NumWindows = input.Images.NumWindows,
        };

    private int TokensPerImage(SampleInput input) =>
        input.Image is null ? 0 : model.Inputs.NumImageTokens / input.Images.PatchesPerToken;

    /// <summary>The model's squares of a sheet, row by row.</summary>
    private IReadOnlyList<byte[]> Squares(SampleInput input)
    {
        if (input.Image is null) return [];
        var (width, height, rgb) = PngImage.Decode(input.Image);
        var (across, down) = (input.Images.NumWindows, input.Images.NumChannels);
        if (across * down == 1) return [Images.Fit(rgb, width, height)];
        if (width % across != 0 || height % down != 0)
            throw new RepresentationException(
                $"Image: expected a sheet of {across} x {down} equal images, found {width} x {height} pixels; make the samples again.");
        var (partWidth, partHeight) = (width / across, height / down);
        return [.. Enumerable.Range(0, across * down).Select(i => Images.Fit(
            PngImage.Part(rgb, width, i % across * partWidth, i / across * partHeight, partWidth, partHeight), partWidth, partHeight))];
    }
}

/// <summary>A prompt as the model reads it.</summary>
/// <param name="InputIds">Tokens, image tokens expanded.</param>
/// <param name="Images">The model's squares (S, S, RGB), a byte a value; none without an image.</param>
public sealed record EncodedPrompt(int[] InputIds, IReadOnlyList<byte[]> Images);
