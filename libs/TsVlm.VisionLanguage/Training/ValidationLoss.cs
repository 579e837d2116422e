using static TorchSharp.torch;

namespace TsVlm.VisionLanguage;

/// <summary>The loss on samples that nothing is learned from.</summary>
internal static class ValidationLoss
{
    /// <summary>Mean cross-entropy over all answer tokens of the samples, in nats; changes nothing but that the model is in evaluation mode.</summary>
    /// <exception cref="FineTuningException">The loss of a batch is not a finite number.</exception>
    /// <exception cref="OperationCanceledException">Stopped between two batches.</exception>
    public static double Of(Llava model, IReadOnlyList<EncodedSample> samples, BatchFormat format, TowerStates? states, int batchSize, CancellationToken cancellation)
    {
        model.eval();
        using var noGradient = no_grad();
        var sum = 0.0;
        var numTokens = 0L;
        // Sequences of like length share a batch, so little is spent on padding; the order of a sum is all that changes.
        foreach (var chunk in samples.OrderBy(s => s.InputIds.Length).Chunk(batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var batch = Batch.Of(chunk, format, states);
            var loss = model.Loss(batch.InputIds, batch.AttentionMask, batch.Images, batch.TargetIds).Value<float>();
            if (!float.IsFinite(loss))
                throw new FineTuningException(
                    $"Validation, cases {string.Join(", ", batch.Cases)}: expected a finite loss, found {loss}. Lower the learning rate, or look at these samples.");
            var tokens = batch.CountAnswerTokens();
            sum += (double)loss * tokens;
            numTokens += tokens;
        }
        return sum / numTokens;
    }
}
