using TsVlm.Contracts;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage;

/// <summary>
/// Teaches the vision tower to tell, through one linear layer over <see cref="Llava.VisionSummary"/>, what a teacher says of what an image shows
/// (Hinton et al. 2015). The loss is the mean squared error of the targets, each with a weight, so 1 where nothing is learnt and targets have variance 1.
/// Each step is learnt from images of its own; the same arguments give the same weights bit for bit on the CPU, wherever it was interrupted.
/// </summary>
/// <param name="model">The model whose tower learns; the rest stays as it is.</param>
/// <param name="recipe">Learning rate, warm-up, decay, clipping and the size of a step (<see cref="Recipe.MicroBatchSize"/>); the whole tower learns.</param>
/// <param name="targetWeights">Weight of each target.</param>
/// <param name="seed">Seed by which a state is told from another's.</param>
/// <param name="clock">Measures the throughput.</param>
public sealed class Distillation(Llava model, Recipe recipe, IReadOnlyList<double> targetWeights, int seed, TimeProvider clock)
{
    /// <summary>Runs so many steps; at the end the tower has learnt and is in evaluation mode.</summary>
    /// <param name="numSteps">Steps in all.</param>
    /// <param name="batchOf">The images of a step: the same for a step whenever it is asked for.</param>
    /// <param name="validation">Images that nothing is learnt from.</param>
    /// <param name="callbacks">Progress and snapshots; an epoch is a fiftieth of the steps, at whose end the validation loss is measured.</param>
    /// <param name="continueFrom">Folder of a state of this very training; null starts at the first step.</param>
    /// <param name="cancellation">Stops between two steps; the state is offered before.</param>
    /// <exception cref="FineTuningException">A state of another training, or a loss that is not finite.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public FineTuningResult Run(
        int numSteps, Func<int, DescribedImages> batchOf, DescribedImages validation, FineTuningCallbacks callbacks, string? continueFrom, CancellationToken cancellation)
    {
        var tower = new DescribingTower(model, targetWeights.Count);   // not disposed: its tower is the model's
        var parameters = TrainedParameters.Choose(tower, DescribingTower.Learns, recipe.LearningRate, recipe.LearningRate);
        var size = recipe.MicroBatchSize;
        using var state = new TrainingState(parameters, new TrainingIdentity(recipe, seed, numSteps * size, validation.NumImages));
        if (continueFrom is not null) state.Restore(continueFrom);
        using var weights = tensor([.. targetWeights.Select(w => (float)(w / targetWeights.Sum()))]).to(model.Device).DetachFromDisposeScope();   // (K)
        var schedule = LearningRateSchedule.WithWarmupRatio(numSteps, recipe.WarmupRatio);
        var timing = new SnapshotTiming(callbacks.TimeBetweenSnapshots, clock);
        var (started, toValidate) = (clock.GetTimestamp(), Math.Max(1, numSteps / 50));
        for (var step = state.Steps.Count; step < numSteps; step++)
        {
            if (cancellation.IsCancellationRequested)
            {
                callbacks.Snapshot?.Invoke(state);
                cancellation.ThrowIfCancellationRequested();
            }
            var epoch = (step + 1.0) / toValidate;
            var (loss, norm) = Step(tower, parameters, state.Optimizer, weights, schedule, step, batchOf(step));
            state.Add(new(step, epoch, recipe.LearningRate * schedule.Factor(step), loss, null, norm), clock.GetElapsedTime(started));
            var ends = (step + 1) % toValidate == 0 || step + 1 == numSteps;
            if (ends) state.AddValidation(LossOf(tower, validation, weights), clock.GetElapsedTime(started));
            callbacks.Progress?.Invoke(new(state.Steps[^1], numSteps, (step + 1) * size, numSteps * size, (step + 1) * size / state.Seconds));
            if (timing.IsDue(ends)) timing.Save(() => callbacks.Snapshot?.Invoke(state));
        }
        model.eval();
        return state.ToResult(numSteps * size);
    }

    private (double Loss, double Norm) Step(
        DescribingTower tower, TrainedParameters parameters, AdamW optimizer, Tensor weights, LearningRateSchedule schedule, int step, DescribedImages batch)
    {
        using var scope = NewDisposeScope();
        model.train();
        parameters.ForgetGradients();
        var error = tower.Error(batch, weights);
        error.backward();
        var loss = error.Value<float>();
        var norm = GradientStep.NormOf(parameters);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            throw new FineTuningException($"Step {step}: expected a finite loss and gradient, found {loss} and {norm}. Lower the learning rate.");
        optimizer.Step(step, schedule.Factor(step), GradientStep.Clipping(norm, recipe.MaxGradientNorm));
        parameters.ForgetGradients();
        return (loss, norm);
    }

    private double LossOf(DescribingTower tower, DescribedImages images, Tensor weights)
    {
        model.eval();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return images.Portions(recipe.MicroBatchSize).Sum(portion => (double)tower.Error(portion, weights).Value<float>() * portion.NumImages) / images.NumImages;
    }

    /// <summary>The model's tower and one linear layer, which is thrown away at the end.</summary>
    private sealed class DescribingTower : nn.Module
    {
        private readonly Llava model;
        private readonly LinearLayer head;

        public DescribingTower(Llava model, int numTargets) : base(nameof(DescribingTower))
        {
            this.model = model;
            var numNumbers = model.VisionSummarySize;
            head = new LinearLayer(numNumbers, numTargets, hasBias: true, new WeightFormat(ScalarType.Float32, ScalarType.Float32, model.Device));
            RegisterComponents();
        }

        public static bool Learns(string name) => name.StartsWith("model.vision_tower.", StringComparison.Ordinal) || name.StartsWith("head.", StringComparison.Ordinal);

        public Tensor Error(DescribedImages images, Tensor weights)
        {
            using var scope = NewDisposeScope();
            var summary = model.VisionSummary(images.PixelValues).to(ScalarType.Float32);                          // (N, 2 * layers, Dv)
            var normed = nn.functional.layer_norm(summary, [summary.shape[2]]).flatten(1);
            var error = head.forward(normed) - images.Targets.to(model.Device);                                    // (N, K)
            return (error * error * weights).sum(1).mean().MoveToOuterDisposeScope();
        }

    }
}

/// <summary>Images and what a teacher says of them.</summary>
/// <param name="PixelValues">(N, 3, S, S).</param>
/// <param name="Targets">(N, K), each of about mean 0 and variance 1.</param>
public sealed record DescribedImages(Tensor PixelValues, Tensor Targets) : IDisposable
{
    /// <summary>Number of images.</summary>
    public int NumImages => (int)PixelValues.shape[0];

    /// <summary>The same in portions; in the dispose scope of the caller.</summary>
    internal IEnumerable<DescribedImages> Portions(int size)
    {
        for (var from = 0; from < NumImages; from += size)
        {
            var count = Math.Min(size, NumImages - from);
            yield return new(PixelValues.narrow(0, from, count), Targets.narrow(0, from, count));
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        PixelValues.Dispose();
        Targets.Dispose();
    }
}
