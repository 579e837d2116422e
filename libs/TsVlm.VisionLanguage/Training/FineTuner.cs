using TsVlm.Contracts;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage;

/// <summary>
/// Fine-tunes a model by a recipe: AdamW, warm-up and cosine, clipping, accumulation, validation at the end of each epoch, the weights
/// of the lowest validation loss kept. Without a validation split the last weights are kept. The same arguments give the same weights,
/// bit for bit on the CPU, whatever ran before in the process and wherever the training was interrupted and continued.
/// </summary>
/// <param name="model">The model, on the format's device; its weights change.</param>
/// <param name="format">How samples become tensors.</param>
/// <param name="recipe">How to train.</param>
/// <param name="seed">Seed of the order of the samples and of dropout.</param>
/// <param name="numThreads">Threads of the tensor library in this process; another number may round differently.</param>
/// <param name="clock">Measures the throughput.</param>
public sealed class FineTuner(Llava model, BatchFormat format, Recipe recipe, int seed, int numThreads, TimeProvider clock)
{
    /// <summary>Trains on <paramref name="train"/>; at the end the model holds the kept weights and is in evaluation mode.</summary>
    /// <param name="train">The samples to learn from.</param>
    /// <param name="validation">The samples that choose the weights to keep; may be empty.</param>
    /// <param name="callbacks">Progress and snapshots.</param>
    /// <param name="continueFrom">Folder of a <see cref="TrainingState"/> of this very training; null starts at the first step.</param>
    /// <param name="cancellation">Stops between two steps, after a snapshot.</param>
    /// <exception cref="FineTuningException">A sample the model cannot learn from, nothing that learns, or a loss that is not finite.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public FineTuningResult Run(
        IReadOnlyList<EncodedSample> train, IReadOnlyList<EncodedSample> validation, FineTuningCallbacks callbacks,
        string? continueFrom, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(callbacks);
        RecipeCheck.Require(recipe);
        SampleCheck.Require(train, validation, model.Config, format.Images.ImageSize);
        set_num_threads(numThreads);
        var parameters = TrainedParameters.Choose(model, recipe);
        var order = new BatchOrder(train.Count, recipe.Epochs, recipe.MicroBatchSize, recipe.GradientAccumulation, seed);
        var schedule = LearningRateSchedule.WithWarmupRatio(order.NumSteps, recipe.WarmupRatio);
        using var state = new TrainingState(parameters, new TrainingIdentity(recipe, seed, train.Count, validation.Count));
        if (continueFrom is not null) state.Restore(continueFrom);

        var gradientStep = new GradientStep(model, parameters, state.Optimizer, schedule, recipe.MaxGradientNorm, seed);
        // Without gradients a batch costs little memory, and small ones waste time.
        var validationBatch = Math.Max(recipe.MicroBatchSize, 16);
        var secondsBefore = state.Seconds;
        var started = clock.GetTimestamp();
        foreach (var planned in order.From(state.Steps.Count))
        {
            if (state.IsOutOfPatience) break;
            if (cancellation.IsCancellationRequested) callbacks.Snapshot?.Invoke(state);
            cancellation.ThrowIfCancellationRequested();

            var (loss, norm) = Train(gradientStep, planned, train);
            double? validationLoss = planned.EndsEpoch && validation.Count > 0
                ? ValidationLoss.Of(model, validation, format, validationBatch)
                : null;
            var seconds = secondsBefore + clock.GetElapsedTime(started).TotalSeconds;
            var step = new TrainingStep(planned.Step, planned.Epoch, recipe.LearningRate * schedule.Factor(planned.Step), loss, validationLoss, norm);
            state.Add(step, seconds);
            callbacks.Progress?.Invoke(new FineTuningProgress(step, order.NumSteps, planned.SamplesDone, order.NumSamplesInAll, planned.SamplesDone / seconds));
            if (planned.EndsEpoch || (callbacks.StepsBetweenSnapshots > 0 && (planned.Step + 1) % callbacks.StepsBetweenSnapshots == 0))
                callbacks.Snapshot?.Invoke(state);
        }
        state.PutBestBack();
        model.eval();
        return state.ToResult(order.SamplesAfter(state.Steps.Count));
    }

    private (double Loss, double GradientNorm) Train(GradientStep gradientStep, BatchStep planned, IReadOnlyList<EncodedSample> train)
    {
        var microBatches = new List<Batch>();
        try
        {
            foreach (var indices in planned.MicroBatches) microBatches.Add(Batch.Of([.. indices.Select(i => train[i])], format));
            return gradientStep.Run(planned.Step, planned.Epoch, microBatches);
        }
        finally
        {
            foreach (var batch in microBatches) batch.Dispose();
        }
    }
}
