using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Scoring;

/// <summary>Classification by the likelihood of every class's whole answer.</summary>
public static class AnswerScoring
{
    // Shapes: B prompts, T tokens of the longest one, N nodes of the answer tree, D width, V vocabulary, M steps of all answers.

    /// <summary>
    /// Log-likelihood (natural logarithm) of every answer given every prompt: a row for each prompt, a column for each answer.
    /// The prompts are read once; all answers follow in one further pass, as a tree whose nodes see the prompt and their own beginnings
    /// only.
    /// </summary>
    /// <param name="model">The model; dropout is off while it scores.</param>
    /// <param name="promptIds">Token ids of each prompt, image tokens in full.</param>
    /// <param name="images">
    /// The images as for <see cref="Llava.ImageFeatures"/>, in the order of the prompts that show them; null for none.
    /// </param>
    /// <param name="answerTokens">Token ids of each class's answer, the end token included.</param>
    /// <exception cref="ArgumentException">
    /// A prompt or an answer is empty, two answers are the same, or images and image tokens do not match.
    /// </exception>
    public static double[,] LogLikelihoods(Llava model, IReadOnlyList<int[]> promptIds, Tensor? images,
        IReadOnlyList<int[]> answerTokens) => Score(model, promptIds, images, answerTokens).LogLikelihoods;

    /// <summary>The same, with the answer that greedy decoding gives, where that is one of them.</summary>
    internal static AnswerScores Score(Llava model, IReadOnlyList<int[]> promptIds, Tensor? images, IReadOnlyList<int[]> answerTokens)
    {
        var tree = new AnswerTree(answerTokens);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var evaluation = new EvaluationMode(model);
        using var cache = new KeyValueCache();
        var (ids, mask) = PromptBatch.Pad(promptIds, model);                                     // (B, T)
        var prompts = model.HiddenStates(ids, mask, images, cache);                         // (B, T, D)
        var states = PromptBatch.LastState(prompts, mask).unsqueeze(1);                          // (B, 1, D)
        if (tree.NumNodes > 0) states = cat([states, RunTree(model, tree, mask, cache)], 1);     // (B, 1 + N, D)
        var logProbabilities = model.Logits(states).to(ScalarType.Float32).log_softmax(-1);      // (B, 1 + N, V)
        var likeliest = logProbabilities.argmax(-1).cpu().data<long>().ToArray().Chunk(1 + tree.NumNodes);
        return new(SumSteps(logProbabilities, tree), [.. likeliest.Select(tokens => tree.Follow(tokens))]);
    }

    private static Tensor RunTree(Llava model, AnswerTree tree, Tensor promptMask, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        var (batch, device) = (promptMask.shape[0], promptMask.device);
        var ids = tensor(tree.Tokens, device: device).expand(batch, -1);                                             // (B, N)
        var positions = promptMask.sum(1, keepdim: true).Plus(tensor(tree.Depths, device: device));                      // (B, N)
        var keyMask = cat([promptMask, ones_like(ids)], 1);                                                          // (B, T + N)
        var embeddings = model.Decoder.Embed(ids);                                                                   // (B, N, D)
        var mask = AttentionMask.WithPast(keyMask, tensor(tree.Ancestors(), device: device), embeddings.dtype);
        return model.Decoder.Forward(embeddings, positions, mask, cache).MoveToOuterDisposeScope();                  // (B, N, D)
    }

    private static double[,] SumSteps(Tensor logProbabilities, AnswerTree tree)
    {
        var vocabulary = logProbabilities.shape[2];
        var places = tree.Steps.SelectMany(steps => steps).Select(step => ((step.From + 1) * vocabulary) + step.Token).ToArray();
        // (B, M)
        var chosen = logProbabilities.flatten(1).index_select(1, tensor(places, device: logProbabilities.device)).to(ScalarType.Float64)
            .cpu();
        var values = chosen.contiguous().data<double>().ToArray();
        var sums = new double[chosen.shape[0], tree.Steps.Count];
        var next = 0;
        for (var row = 0; row < sums.GetLength(0); row++)
            for (var answer = 0; answer < tree.Steps.Count; answer++)
                for (var step = 0; step < tree.Steps[answer].Length; step++) sums[row, answer] += values[next++];
        return sums;
    }
}

/// <summary>How a model answers prompts.</summary>
/// <param name="LogLikelihoods">Of every answer: a row for each prompt, a column for each answer.</param>
/// <param name="Greedy">For each prompt the answer that greedy decoding gives; null where that is none of the answers.</param>
internal sealed record AnswerScores(double[,] LogLikelihoods, IReadOnlyList<int?> Greedy);
