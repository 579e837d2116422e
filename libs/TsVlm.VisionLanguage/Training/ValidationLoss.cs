using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Training;

/// <summary>The loss on samples that nothing is learned from.</summary>
internal static class ValidationLoss
{
    /// <summary>
    /// Mean loss over all targets of the samples, of their answers' tokens where no other objective is given, in nats; changes nothing but
    /// that the model is in evaluation mode.
    /// </summary>
    /// <exception cref="FineTuningException">The loss of a batch is not a finite number.</exception>
    /// <exception cref="OperationCanceledException">Stopped between two batches.</exception>
    public static double Of(Llava model, IReadOnlyList<EncodedSample> samples, BatchFormat format, VisionFeatureCache? states,
        int batchSize, CancellationToken cancellationToken,
        IObjective? objective = null)
    {
        model.eval();
        objective ??= new AnswerObjective(model);
        using var noGradient = no_grad();
        var sum = 0.0;
        var numTargets = 0.0;
        // Sequences of like length share a batch, so little is spent on padding; the order of a sum is all that changes.
        foreach (var chunk in samples.OrderBy(s => s.InputIds.Length).Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var batch = Batch.Of(chunk, format, states);
            var loss = objective.Loss(batch).Value<float>();
            if (!float.IsFinite(loss))
                throw new FineTuningException(
                    $"Validation, cases {string.Join(", ", batch.Cases)}: expected a finite loss, found {loss}. Lower the learning rate, or look at these samples.");
            var targets = objective.CountTargets(batch);
            sum += (double)loss * targets;
            numTargets += targets;
        }
        return sum / numTargets;
    }
}
