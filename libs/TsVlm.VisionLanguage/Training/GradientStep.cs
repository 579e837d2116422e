using TorchSharp;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage;

/// <summary>One optimizer step: gradients of the micro-batches summed, clipped and applied.</summary>
internal sealed class GradientStep(Llava model, TrainedParameters parameters, AdamW optimizer, LearningRateSchedule schedule, double maxGradientNorm, int seed)
{
    private const double ClippingEpsilon = 1e-6; // of torch.nn.utils.clip_grad_norm_

    /// <summary>
    /// Does the step. The loss is the mean over the answer tokens of all micro-batches together, so how they are cut does not change it.
    /// </summary>
    /// <exception cref="FineTuningException">The loss or the gradient is not a finite number.</exception>
    public (double Loss, double GradientNorm) Run(int step, double epoch, IReadOnlyList<Batch> microBatches)
    {
        using var scope = NewDisposeScope();
        model.train();
        parameters.ForgetGradients();
        var numTokens = microBatches.Sum(b => b.CountAnswerTokens());
        var loss = 0.0;
        for (var i = 0; i < microBatches.Count; i++)
        {
            model.SeedDropout(SeedSequence.OfDropout(seed, step, i));
            loss += Backward(microBatches[i], numTokens);
        }
        if (!double.IsFinite(loss)) throw NotFinite("loss", loss, step, epoch, microBatches);
        var norm = ClipGradients();
        if (!double.IsFinite(norm)) throw NotFinite("gradient norm", norm, step, epoch, microBatches);
        optimizer.Step(step, schedule.Factor(step));
        parameters.ForgetGradients();
        return (loss, norm);
    }

    private double Backward(Batch batch, long numTokensOfStep)
    {
        using var scope = NewDisposeScope();
        using Scalar share = (double)batch.CountAnswerTokens() / numTokensOfStep;
        var loss = model.Loss(batch.InputIds, batch.AttentionMask, batch.PixelValues, batch.TargetIds) * share;
        loss.backward();
        return loss.Value<float>();
    }

    /// <summary>Scales the gradients down to the greatest norm allowed; returns the norm (over all of them together) before.</summary>
    private double ClipGradients()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var gradients = parameters.Select(p => p.Tensor.grad).OfType<Tensor>().ToList();
        if (gradients.Count == 0) throw new FineTuningException("Expected gradients after the loss, found none: the loss depends on no weight that learns.");
        var norm = stack([.. gradients.Select(g => g.norm())]).norm().Value<float>();
        var scale = maxGradientNorm / (norm + ClippingEpsilon);
        if (maxGradientNorm > 0 && scale < 1)
        {
            using Scalar factor = scale;
            foreach (var gradient in gradients) gradient.mul_(factor);
        }
        return norm;
    }

    private static FineTuningException NotFinite(string what, double found, int step, double epoch, IReadOnlyList<Batch> microBatches) =>
        new(FormattableString.Invariant($"Step {step} (epoch {epoch:0.###}), cases {string.Join(", ", microBatches.SelectMany(b => b.Cases))}: ")
            + FormattableString.Invariant($"expected a finite {what}, found {found}. Lower the learning rate, or look at these samples."));
}
