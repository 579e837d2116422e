using System.Runtime.InteropServices;
using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Probing;
using TsVlm.VisionLanguage.Scoring;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Training;

/// <summary>
/// Fine-tunes a model by a recipe: AdamW, warm-up and cosine, clipping, accumulation, validation at the end of each epoch, the weights
/// of the lowest validation loss kept, by the recipe's guard those of the start where none is lower.
/// Without a validation split the last weights are kept. The same arguments give the same weights,
/// bit for bit on the CPU, whatever ran before in the process and wherever the training was interrupted and continued.
/// </summary>
/// <param name="model">The model, on the format's device; its weights change.</param>
/// <param name="format">How samples become tensors.</param>
/// <param name="recipe">How to train.</param>
/// <param name="seed">Seed of the order of the samples and of dropout.</param>
/// <param name="numThreads">Threads of the tensor library in this process; another number may round differently.</param>
/// <param name="clock">Measures the throughput, and the time between snapshots.</param>
/// <param name="probe">The probe that learns with the model, where the recipe reads classes by one.</param>
/// <param name="writer">Writes the rationales that the answers of validation samples are behind, where rationales come first.</param>
public sealed class FineTuner(
    Llava model, BatchFormat format, Recipe recipe, int seed, int numThreads, TimeProvider clock, LinearProbe? probe = null,
    RationaleWriter? writer = null)
{
    // Without gradients a batch costs little memory, and small ones waste time.
    private readonly int validationBatch = Math.Max(recipe.MicroBatchSize, 16);
    private readonly RationaleLearning rationales = new(recipe, seed);
    private readonly IObjective objective = probe is null ? new AnswerObjective(model) : new ProbeObjective(model, probe, recipe);

    /// <summary>Trains on <paramref name="train"/>; at the end the model holds the kept weights and is in evaluation mode.</summary>
    /// <param name="train">The samples to learn from.</param>
    /// <param name="validation">The samples that choose the weights to keep; may be empty.</param>
    /// <param name="callbacks">Progress and snapshots.</param>
    /// <param name="continueFrom">Folder of a <see cref="TrainingState"/> of this very training; null starts at the first step.</param>
    /// <param name="cancellationToken">
    /// Stops between two forward passes; a step cut short is as if it had not begun. The state is offered before.
    /// </param>
    /// <exception cref="FineTuningException">
    /// A setting out of bounds, a sample the model cannot learn from, nothing that learns, or a loss that is not finite.
    /// </exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public FineTuningResult Run(
        IReadOnlyList<EncodedSample> train, IReadOnlyList<EncodedSample> validation, FineTuningCallbacks callbacks,
        string? continueFrom, CancellationToken cancellationToken) =>
        TrainOn(train, validation, selection: null, callbacks, continueFrom, cancellationToken);

    /// <summary>
    /// Trains on all samples for as many epochs as a selection found best, the learning rates being those of the whole recipe; the model
    /// and the probe are as they were before the selection.
    /// </summary>
    /// <param name="selection">The training that validation samples were held out of.</param>
    /// <param name="all">Its training and validation samples.</param>
    /// <param name="callbacks">Progress and snapshots.</param>
    /// <param name="continueFrom">Folder of a state of this very refit; null starts at the first step.</param>
    /// <param name="cancellationToken">Stops between two forward passes, as in <see cref="Run"/>.</param>
    /// <exception cref="FineTuningException">As in <see cref="Run"/>.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public FineTuningResult Refit(
        Selection selection, IReadOnlyList<EncodedSample> all, FineTuningCallbacks callbacks, string? continueFrom,
        CancellationToken cancellationToken) =>
        TrainOn(all, [], selection, callbacks, continueFrom, cancellationToken);

    private FineTuningResult TrainOn(
        IReadOnlyList<EncodedSample> train, IReadOnlyList<EncodedSample> validation, Selection? selection, FineTuningCallbacks callbacks,
        string? continueFrom, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(callbacks);
        if (ScenarioBounds.Problems(recipe) is { Count: > 0 } problems) throw new FineTuningException(string.Join(" ", problems));
        SampleCheck.Require(train, validation, model.Config, format.Images.ImageSize);
        set_num_threads(numThreads);
        var parameters = TrainedParameters.Choose(model, recipe).With(probe, recipe);
        using var state = new TrainingState(parameters, new TrainingIdentity(recipe, seed, train.Count, validation.Count), selection);
        if (continueFrom is not null) state.Restore(continueFrom);
        var order = OrderOf(train);
        var plan = PlanOf(order, train, validation, selection);
        using var visionFeatures = VisionFeatureCache.Of(model, recipe, train.Concat(validation), format.Images, cancellationToken);
        Train(parameters, state, order, plan, train, validation, visionFeatures, callbacks, cancellationToken);
        state.PutBestBack();
        model.eval();
        return state.ToResult(plan.SamplesBefore + order.SamplesAfter(state.Steps.Count));
    }

    private Plan PlanOf(
        EpochSampler order, IReadOnlyList<EncodedSample> train, IReadOnlyList<EncodedSample> validation, Selection? selection)
    {
        var refit = recipe.Refits && validation.Count > 0 ? OrderOf([.. train, .. validation]) : null;
        var numSteps = selection is null ? order.NumSteps : order.StepsOf(selection.NumEpochs);
        var (stepsBefore, samplesBefore) = (selection?.Result.Steps.Count ?? 0, selection?.Result.NumSamplesSeen ?? 0);
        return new(selection is not null, numSteps, stepsBefore, samplesBefore, stepsBefore + numSteps + (refit?.NumSteps ?? 0),
            samplesBefore + order.SamplesAfter(numSteps) + (refit?.NumSamplesInAll ?? 0));
    }

    private EpochSampler OrderOf(IReadOnlyList<EncodedSample> train) =>
        new(train.Count, recipe.Epochs, recipe.MicroBatchSize, recipe.GradientAccumulation, seed)
        {
            Lengths = recipe.GroupByLength ? [.. train.Select(sample => sample.InputIds.Length)] : null,
        };

    private void Train(
        TrainedParameters parameters, TrainingState state, EpochSampler order, Plan plan, IReadOnlyList<EncodedSample> train,
        IReadOnlyList<EncodedSample> validation, VisionFeatureCache? visionFeatures, FineTuningCallbacks callbacks,
        CancellationToken cancellationToken)
    {
        var schedule = LearningRateSchedule.WithWarmupRatio(order.NumSteps, recipe.WarmupRatio);
        var gradientStep = new GradientStep(model, parameters, state.Optimizer, schedule.Factor, recipe.MaxGradientNorm, seed,
            recipe.GradientCheckpointing, objective);
        var timing = new SnapshotTiming(callbacks.TimeBetweenSnapshots, clock);
        var numStepsSaved = state.Steps.Count;
        var started = clock.GetTimestamp();
        try
        {
            if (recipe.Guard && recipe.IsFittedFirst && validation.Count > 0 && state.StartLoss is null) state.KeepStart(LossOnValidation());
            // it was cut short in its validation
            if (state.Steps.Count > 0 && state.Steps[^1].ValidationLoss is null) Validate(state.Steps.Count - 1);
            var epoch = new EpochProgress(clock);
            foreach (var planned in order.From(state.Steps.Count).TakeWhile(planned => planned.Step < plan.NumSteps))
            {
                if (state.IsOutOfPatience) break;
                EncodedSample SampleAt(int index) => rationales.Of(train[index], index, planned.Pass);
                var (loss, norm) = Step(gradientStep, planned, SampleAt, visionFeatures, cancellationToken);
                state.Add(new(planned.Step, planned.Epoch, recipe.LearningRate * schedule.Factor(planned.Step), loss, null, norm),
                    clock.GetElapsedTime(started));
                epoch.Add(planned, SampleAt, loss);
                Validate(planned.Step);
                callbacks.Progress?.Invoke(plan.ProgressAt(state, planned));
                if (planned.EndsEpoch)
                    callbacks.Epoch?.Invoke(epoch.End(planned.Epoch, state.Steps[^1].ValidationLoss) with { IsRefit = plan.IsRefit });
                if (timing.IsDue(planned.EndsEpoch)) timing.Save(Snapshot);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (state.Steps.Count > numStepsSaved) Snapshot();
            throw;
        }

        void Validate(int step)
        {
            if (validation.Count == 0 || !order.EndsEpoch(step)) return;
            state.AddValidation(LossOnValidation(), clock.GetElapsedTime(started));
        }

        // Of answers alone, behind what the model itself writes where rationales come first: the same scale as without rationales.
        double LossOnValidation() =>
            ValidationLoss.Of(model, writer?.Complete(validation, format, visionFeatures, validationBatch, cancellationToken) ?? validation,
            format, visionFeatures, validationBatch, cancellationToken, objective);

        void Snapshot()
        {
            callbacks.Snapshot?.Invoke(state);
            numStepsSaved = state.Steps.Count;
        }
    }

    private (double Loss, double GradientNorm) Step(
        GradientStep gradientStep, BatchStep planned, Func<int, EncodedSample> sampleAt, VisionFeatureCache? visionFeatures,
        CancellationToken cancellationToken)
    {
        var microBatches = new List<Batch>();
        try
        {
            foreach (var indices in planned.MicroBatches) microBatches.Add(Batch.Of([.. indices.Select(sampleAt)], format, visionFeatures));
            return gradientStep.Run(planned.Step, planned.Epoch, microBatches, cancellationToken);
        }
        catch (ExternalException error) when (OutOfMemory.IsReason(error))
        {
            var samples = planned.MicroBatches.MaxBy(indices => indices.Length * indices.Max(i => sampleAt(i).InputIds.Length))!;
            throw new FineTuningException(
                $"Step {planned.Step}: found no more memory on {format.Device} for {samples.Length} samples of up to "
                + $"{samples.Max(i => sampleAt(i).InputIds.Length)} tokens at once. "
                + OutOfMemory.Advice(recipe), error);
        }
        finally
        {
            foreach (var batch in microBatches) batch.Dispose();
        }
    }

    /// <summary>How many steps and samples there are: in this part, before it, and in all that is still to come.</summary>
    private sealed record Plan(bool IsRefit, int NumSteps, int StepsBefore, long SamplesBefore, int NumStepsInAll, long NumSamplesInAll)
    {
        public FineTuningProgress ProgressAt(TrainingState state, BatchStep step)
        {
            var samples = SamplesBefore + step.SamplesDone;
            return new(state.Steps[^1], NumStepsInAll, samples, NumSamplesInAll, samples / state.Seconds)
            {
                StepsDone = StepsBefore + step.Step + 1,
                IsRefit = IsRefit,
            };
        }
    }
}
