using TsVlm.Contracts;
using TsVlm.Representations.Samples;
using TsVlm.Representations.Text;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Scoring;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Prediction;

/// <summary>Chooses among given answers by the likelihood of each whole answer, or lets the model answer in its own words.</summary>
/// <param name="model">The model, in evaluation mode.</param>
/// <param name="encoding">Tokenizer and image preprocessing of the model's folder.</param>
/// <param name="numThreads">Threads of the tensor library in this process.</param>
public sealed class AnswerClassifier(Llava model, SampleEncoding encoding, int numThreads)
{
    /// <summary>
    /// Probabilities of the answers for each input, (inputs, answers), each row summing to 1. All inputs have an image, or none has.
    /// </summary>
    public double[][] Probabilities(IReadOnlyList<SampleInput> inputs, IReadOnlyList<string> answers) =>
        [.. LogLikelihoods(inputs, answers).Select(row => TemperatureScaling.Probabilities(row))];

    /// <summary>Log-likelihood of every whole answer for each input, (inputs, answers). All inputs have an image, or none has.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="answers">The answers.</param>
    /// <param name="greedy">Is given, for each input, which of the answers greedy decoding gives; null where none.</param>
    public double[][] LogLikelihoods(IReadOnlyList<SampleInput> inputs, IReadOnlyList<string> answers, ICollection<int?>? greedy = null)
    {
        if (inputs.Count == 0) return [];
        set_num_threads(numThreads);
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        EncodedPrompt[] prompts = [.. inputs.Select(encoding.EncodePrompt)];
        // What follows a prompt depends on its last word alone, which is the same in every prompt.
        int[][] answerTokens = [.. answers.Select(answer => encoding.AnswerTokens(inputs[0], answer))];
        var images = ImagesOf(prompts);
        var (scores, said) = AnswerScoring.Score(model, [.. prompts.Select(p => p.InputIds)], images, answerTokens);
        foreach (var answer in said) greedy?.Add(answer);
        return [.. inputs.Select((_, row) => answers.Select((_, c) => scores[row, c]).ToArray())];
    }

    /// <summary>Tokens of each answer behind an input, what ends it included; the same behind every input of a data set.</summary>
    public IEnumerable<int> CountTokens(SampleInput input, IReadOnlyList<string> answers) =>
        answers.Select(answer => encoding.AnswerTokens(input, answer).Length);

    /// <summary>
    /// The inputs as their answers are scored: where the rationale comes first, each with one that the model wrote behind it (<see cref="RationaleWriter"/>),
    /// else as they are.
    /// </summary>
    /// <param name="inputs">All have an image, or none has.</param>
    /// <param name="rationales">The scenario's rationales; null for none.</param>
    /// <param name="written">Is given each rationale.</param>
    public IReadOnlyList<SampleInput> Explained(IReadOnlyList<SampleInput> inputs, RationaleSettings? rationales,
        ICollection<string>? written = null)
    {
        if (rationales is not { Order: RationaleOrder.RationaleFirst }) return inputs;
        set_num_threads(numThreads);
        var texts = new RationaleWriter(model, encoding, rationales.MaxTokens).Write([.. inputs.Select(encoding.EncodePrompt)]);
        foreach (var text in texts) written?.Add(text);
        return [.. inputs.Zip(texts, Given)];
    }

    /// <summary>An input with a rationale behind its prompt, which only the answer is to follow.</summary>
    public static SampleInput Given(SampleInput input, string rationale) =>
        input with { Prompt = RationaleFormat.Given(input.Prompt, rationale) };

    /// <summary>
    /// What the model says by itself, the likeliest token again and again until it ends its answer. It may be no class at all, which is why
    /// classification goes by <see cref="Probabilities"/>.
    /// </summary>
    public string Generate(SampleInput input, int maxNewTokens) => Generate([input], maxNewTokens)[0];

    /// <summary>The same for several inputs at once. All inputs have an image, or none has.</summary>
    public string[] Generate(IReadOnlyList<SampleInput> inputs, int maxNewTokens)
    {
        if (inputs.Count == 0) return [];
        set_num_threads(numThreads);
        using var scope = NewDisposeScope();
        EncodedPrompt[] prompts = [.. inputs.Select(encoding.EncodePrompt)];
        var (ids, mask) = PromptBatch.Pad([.. prompts.Select(p => p.InputIds)], model);
        return [.. Generation.Greedy(model, ids, mask, ImagesOf(prompts), maxNewTokens, encoding.EndTokenId).Select(encoding.AnswerText)];
    }

    /// <summary>Pixel values of the prompts' images; where some are equal, what the vision tower makes of them, each computed once.</summary>
    private Tensor? ImagesOf(IReadOnlyList<EncodedPrompt> prompts)
    {
        byte[][] images = [.. prompts.SelectMany(prompt => prompt.Images)];
        byte[][] distinct = [.. images.Distinct(EqualPixels.Comparer)];
        var pixels = encoding.Images.ToTensor(distinct);
        if (pixels is null || distinct.Length == images.Length) return pixels;
        using var evaluation = new EvaluationMode(model);
        using var inference = no_grad();
        var rows = distinct.Index().ToDictionary(image => image.Item, image => (long)image.Index, EqualPixels.Comparer);
        return model.VisionStates(pixels).index_select(0, tensor([.. images.Select(image => rows[image])], device: model.Device));
    }
}
