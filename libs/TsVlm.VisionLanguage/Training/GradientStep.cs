using TorchSharp;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Training;

/// <summary>One optimizer step: gradients of the micro-batches summed, clipped and applied.</summary>
/// <param name="model">The model that learns.</param>
/// <param name="parameters">Its weights that learn.</param>
/// <param name="optimizer">Applies the gradients.</param>
/// <param name="scheduleFactor">Share of the highest learning rate at each step, from 0.</param>
/// <param name="maxGradientNorm">Gradients are scaled down to this norm; 0 leaves them.</param>
/// <param name="seed">Seed of dropout.</param>
/// <param name="recomputesLayers">Whether activations are computed again in the backward pass instead of kept.</param>
/// <param name="objective">What is made small; the answers' cross-entropy where none is given.</param>
internal sealed class GradientStep(
    Llava model, TrainedParameters parameters, AdamW optimizer, Func<int, double> scheduleFactor, double maxGradientNorm, int seed,
    bool recomputesLayers = false,
    IObjective? objective = null)
{
    private const double ClippingEpsilon = 1e-6; // of torch.nn.utils.clip_grad_norm_
    private readonly IObjective objective = objective ?? new AnswerObjective(model);

    /// <summary>
    /// Does the step. The loss is the mean over the targets of all micro-batches together, so how they are cut does not change it.
    /// </summary>
    /// <exception cref="FineTuningException">The loss or the gradient is not a finite number.</exception>
    /// <exception cref="OperationCanceledException">Stopped between two micro-batches; no weight has changed.</exception>
    public (double Loss,
        double GradientNorm) Run(int step, double epoch, IReadOnlyList<Batch> microBatches, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        model.train();
        parameters.ZeroGrad();
        double[] numTargets = [.. microBatches.Select(objective.CountTargets)];
        var numOfStep = numTargets.Sum();
        var loss = 0.0;
        for (var i = 0; i < microBatches.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            model.SeedDropout(SeedSequence.OfDropout(seed, step, i));
            loss += Backward(microBatches[i], numTargets[i] / numOfStep);
        }
        if (!double.IsFinite(loss)) throw NotFinite("loss", loss, step, epoch, microBatches);
        var norm = NormOf(parameters);
        if (!double.IsFinite(norm)) throw NotFinite("gradient norm", norm, step, epoch, microBatches);
        optimizer.Step(step, scheduleFactor(step), Clipping(norm, maxGradientNorm));
        parameters.ZeroGrad();
        return (loss, norm);
    }

    private double Backward(Batch batch, double shareOfStep)
    {
        using var scope = NewDisposeScope();
        using var tape = recomputesLayers ? new GradientCheckpointing() : null;
        using Scalar share = shareOfStep;
        model.Checkpointing = tape;
        try
        {
            var loss = objective.Loss(batch) * share;
            loss.backward();
            tape?.Backward();
            return loss.Value<float>();
        }
        finally
        {
            model.Checkpointing = null;
        }
    }

    /// <summary>What gradients of that norm are multiplied with, so that it is at most the highest; 0 leaves them.</summary>
    internal static double Clipping(double norm, double highest) => highest > 0 ? Math.Min(1, highest / (norm + ClippingEpsilon)) : 1;

    /// <summary>Norm over all gradients together.</summary>
    internal static float NormOf(TrainedParameters parameters)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var gradients = parameters.Select(p => p.Tensor.grad).OfType<Tensor>().ToList();
        if (gradients.Count == 0)
            throw new FineTuningException("Expected gradients after the loss, found none: the loss depends on no weight that learns.");
        return stack([.. gradients.Select(g => g.norm())]).norm().Value<float>();
    }

    private static FineTuningException NotFinite(string what, double found, int step, double epoch, IReadOnlyList<Batch> microBatches) =>
        new(FormattableString.Invariant(
            $"Step {step} (epoch {epoch:0.###}), cases {string.Join(", ", microBatches.SelectMany(b => b.Cases))}: ")
            + FormattableString.Invariant($"expected a finite {what}, found {found}. Lower the learning rate, or look at these samples."));
}
