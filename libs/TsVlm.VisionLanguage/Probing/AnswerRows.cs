using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Probing;

/// <summary>
/// The rows of a model's output layer that score the tokens of answers: reads what they are to tell apart, and replaces them by a linear
/// classifier.
/// </summary>
/// <remarks>Shapes: N tokens of all answers, D width of the language model, K distinct tokens, V vocabulary.</remarks>
/// <param name="model">The model, with an output layer of its own.</param>
public sealed class AnswerRows(Llava model)
{
    private const int SamplesAtOnce = 16, StatesAtOnce = 256;

    // The answers' tokens together are to be as much likelier than all others: 99.8 %.
    private const double LogOddsOfAnswers = 6;

    // Share of the states' mean square that keeps the solution small where states are fewer than numbers.
    private const double Penalty = 1e-3;

    /// <summary>The answers of samples, token by token, with the state that each is predicted from.</summary>
    /// <param name="samples">Prompts with answers.</param>
    /// <param name="format">How they become tensors.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public IReadOnlyList<AnswerTokens> Read(IReadOnlyList<EncodedSample> samples, BatchFormat format, CancellationToken cancellationToken)
    {
        using var evaluation = new EvaluationMode(model);
        using var noGradient = no_grad();
        var read = new List<AnswerTokens>(samples.Count);
        foreach (var portion in samples.Chunk(SamplesAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var batch = Batch.Of(portion, format);
            using var targets = new AnswerTargets(batch.TargetIds);
            var states = model.StatesBefore(targets, batch.InputIds, batch.AttentionMask, batch.Images).to(ScalarType.Float32).cpu();
            var rows = new Queue<float[]>(states.data<float>().ToArray().Chunk((int)states.shape[1]));
            foreach (var sample in portion)
            {
                int[] ids = [.. sample.TargetIds.Where(id => id != Models.ConversationEncoding.IgnoredTarget)];
                read.Add(new(ids, [.. ids.Select(_ => rows.Dequeue())]));
            }
        }
        return read;
    }

    /// <summary>
    /// Replaces the rows of tokens by a linear classifier's weights. The output layer has no biases: the classifier's, and what makes the
    /// answers' tokens likelier than all others, are added along the direction in which the states are most nearly constant.
    /// </summary>
    /// <param name="tokens">Token of each class of the classifier, (K).</param>
    /// <param name="weights">(D, K), row by row.</param>
    /// <param name="biases">(K).</param>
    /// <param name="states">States that the classifier was fitted on, (N, D).</param>
    /// <exception cref="CheckpointException">The model's embeddings serve as its output layer.</exception>
    public void Replace(IReadOnlyList<int> tokens, double[] weights, double[] biases, IReadOnlyList<float[]> states)
    {
        var output = model.OutputLayer ?? throw new CheckpointException(
            "recipe.fitOutputLayer: expected a model with an output layer of its own, found one whose embeddings serve as such "
            + "(tie_word_embeddings). Use recipe.readOut answer-probe.");
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var device = output.device;
        var ids = tensor([.. tokens.Select(token => (long)token)], device: device);                          // (K)
        var x = stack(states.Select(row => tensor(row))).to(ScalarType.Float64).to(device);                  // (N, D)
        var w = tensor(weights).view(-1, tokens.Count).to(device);                                           // (D, K)
        var b = tensor(biases).to(device);                                                                   // (K)
        var gram = x.t().mm(x);
        var penalty = gram.trace() * Constants.Real(Penalty / gram.shape[0]);
        gram.diagonal().add_(penalty);
        var constant = linalg.solve(gram, x.sum([0]).unsqueeze(1));                                          // (D, 1)

        var lead = Enumerable.Range(0, (int)((x.shape[0] + StatesAtOnce - 1) / StatesAtOnce)).Min(i => Lead(
            x.narrow(0, i * StatesAtOnce, Math.Min(StatesAtOnce, x.shape[0] - (i * StatesAtOnce)))));
        var rows = w.Plus(constant * b.Plus(Constants.Real(Math.Max(0, LogOddsOfAnswers - lead))).unsqueeze(0));   // (D, K)
        output.index_copy_(0, ids, rows.t().to(output.dtype));

        // How much likelier the answers' tokens are than all others, as the logarithm of the odds, where they are least so.
        double Lead(Tensor some)
        {
            using var part = NewDisposeScope();
            var others = some.to(output.dtype).mm(output.t()).to(ScalarType.Float64);                        // (StatesAtOnce, V)
            others.index_fill_(1, ids, Constants.Real(double.NegativeInfinity));
            return (some.mm(w).Plus(b).logsumexp(1) - others.logsumexp(1)).min().Value<double>();
        }
    }
}

/// <summary>The tokens of an answer and the state before each, after the final norm.</summary>
/// <param name="Ids">The tokens, the one that ends the answer included.</param>
/// <param name="States">(tokens, D).</param>
public sealed record AnswerTokens(IReadOnlyList<int> Ids, IReadOnlyList<float[]> States);
