using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Training;

/// <summary>
/// Teaches a part of a model to tell, through one linear layer, what a teacher says of what an image shows (Hinton et al. 2015): the vision
/// tower over
/// <see cref="Llava.VisionSummary"/>, or, where the batches have prompts, projector and decoder over <see cref="Llava.AnswerStates"/>, the
/// tower being left as it is.
/// The loss is the mean squared error of the targets, each with a weight, so 1 where nothing is learnt and targets have variance 1.
/// Each step is learnt from images of its own; the same arguments give the same weights bit for bit on the CPU, wherever it was
/// interrupted.
/// </summary>
/// <param name="model">The model that learns; weights that no loss depends on stay as they are.</param>
/// <param name="recipe">Learning rate, warm-up, decay, clipping and the size of a step (<see cref="Recipe.MicroBatchSize"/>).</param>
/// <param name="targetWeights">Weight of each target.</param>
/// <param name="seed">Seed by which a state is told from another's.</param>
/// <param name="clock">Measures the throughput.</param>
public sealed class Distillation(Llava model, Recipe recipe, IReadOnlyList<double> targetWeights, int seed, TimeProvider clock)
{
    /// <summary>Runs so many steps; at the end the tower has learnt and is in evaluation mode.</summary>
    /// <param name="numSteps">Steps in all.</param>
    /// <param name="batchOf">The images of a step: the same for a step whenever it is asked for.</param>
    /// <param name="validation">Images that nothing is learnt from.</param>
    /// <param name="callbacks">
    /// Progress and snapshots; an epoch is a fiftieth of the steps, at whose end the validation loss is measured.
    /// </param>
    /// <param name="continueFrom">Folder of a state of this very training; null starts at the first step.</param>
    /// <param name="cancellationToken">Stops between two steps; the state is offered before.</param>
    /// <exception cref="FineTuningException">A state of another training, or a loss that is not finite.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public FineTuningResult Run(
        int numSteps, Func<int, DescribedImages> batchOf, DescribedImages validation, FineTuningCallbacks callbacks, string? continueFrom,
        CancellationToken cancellationToken)
    {
        // not disposed: its weights are the model's
        var student = new Student(model, targetWeights.Count, validation.Prompts is not null);
        var parameters = TrainedParameters.Choose(student, student.Learns, recipe.LearningRate, recipe.LearningRate);
        var size = recipe.MicroBatchSize;
        using var state = new TrainingState(parameters, new TrainingIdentity(recipe, seed, numSteps * size, validation.NumImages));
        if (continueFrom is not null) state.Restore(continueFrom);
        // (K)
        using var weights = tensor([.. targetWeights.Select(w => (float)(w / targetWeights.Sum()))]).to(model.Device)
            .DetachFromDisposeScope();
        var schedule = LearningRateSchedule.WithWarmupRatio(numSteps, recipe.WarmupRatio);
        var timing = new SnapshotTiming(callbacks.TimeBetweenSnapshots, clock);
        var (started, toValidate) = (clock.GetTimestamp(), Math.Max(1, numSteps / 50));
        for (var step = state.Steps.Count; step < numSteps; step++)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                callbacks.Snapshot?.Invoke(state);
                cancellationToken.ThrowIfCancellationRequested();
            }
            var epoch = (step + 1.0) / toValidate;
            var (loss, norm) = Step(student, parameters, state.Optimizer, weights, schedule, step, batchOf(step));
            state.Add(new(step, epoch, recipe.LearningRate * schedule.Factor(step), loss, null, norm), clock.GetElapsedTime(started));
            var ends = (step + 1) % toValidate == 0 || step + 1 == numSteps;
            if (ends) state.AddValidation(FiniteLossOf(student, validation, weights, step), clock.GetElapsedTime(started));
            callbacks.Progress?.Invoke(
                new(state.Steps[^1], numSteps, (step + 1) * size, numSteps * size, (step + 1) * size / state.Seconds)
                {
                    StepsDone = step + 1,
                });
            if (timing.IsDue(ends)) timing.Save(() => callbacks.Snapshot?.Invoke(state));
        }
        model.eval();
        return state.ToResult(numSteps * size);
    }

    private (double Loss, double Norm) Step(
        Student student, TrainedParameters parameters, AdamW optimizer, Tensor weights, LearningRateSchedule schedule, int step,
        DescribedImages batch)
    {
        using var scope = NewDisposeScope();
        model.train();
        parameters.ZeroGrad();
        var error = student.Error(batch, weights);
        error.backward();
        var loss = error.Value<float>();
        var norm = GradientStep.NormOf(parameters);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            throw new FineTuningException(
                $"Step {step}: expected a finite loss and gradient, found {loss} and {norm}. Lower the learning rate.");
        optimizer.Step(step, schedule.Factor(step), GradientStep.Clipping(norm, recipe.MaxGradientNorm));
        parameters.ZeroGrad();
        return (loss, norm);
    }

    /// <summary>The step before may have spoilt the weights, the last one too.</summary>
    private double FiniteLossOf(Student student, DescribedImages images, Tensor weights, int step) =>
        LossOf(student, images, weights) is var loss && double.IsFinite(loss) ? loss
            : throw new FineTuningException(
                $"Validation after step {step}: expected a finite loss, found {loss}. Lower the learning rate.");

    private double LossOf(Student student, DescribedImages images, Tensor weights)
    {
        model.eval();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return images.Portions(recipe.MicroBatchSize)
            .Sum(portion => (double)student.Error(portion, weights).Value<float>() * portion.NumImages) / images.NumImages;
    }

    /// <summary>The model and one linear layer over what is read of it; the layer is thrown away at the end.</summary>
    private sealed class Student : nn.Module
    {
        private readonly Llava model;
        private readonly bool readsAnswers;
        private readonly LinearLayer head;

        public Student(Llava model, int numTargets, bool readsAnswers) : base(nameof(Student))
        {
            this.model = model;
            this.readsAnswers = readsAnswers;
            var numNumbers = readsAnswers ? model.AnswerStatesSize : model.VisionSummarySize;
            head = new LinearLayer(numNumbers, numTargets, hasBias: true,
                new WeightFormat(ScalarType.Float32, ScalarType.Float32, model.Device));
            RegisterComponents();
        }

        public bool Learns(string name) =>
            !name.StartsWith("model.", StringComparison.Ordinal)
            || name.StartsWith("model.vision_tower.", StringComparison.Ordinal) != readsAnswers;

        public Tensor Error(DescribedImages images, Tensor weights)
        {
            using var scope = NewDisposeScope();
            var states = readsAnswers ? AnswerStates(images) : model.VisionSummary(images.PixelValues);
            return Error(head, states, images.Targets.to(model.Device), weights).MoveToOuterDisposeScope();
        }

        private Tensor AnswerStates(DescribedImages images)
        {
            var (ids, mask) = images.Prompts
                ?? throw new ArgumentException("Batch: expected prompts as the validation's, found none.", nameof(images));
            Tensor patches;
            using (no_grad()) patches = model.VisionStates(images.PixelValues);
            return model.AnswerStates(ids.to(model.Device), mask.to(model.Device), patches);
        }

        private static Tensor Error(LinearLayer head, Tensor states, Tensor targets, Tensor weights)
        {
            var numbers = states.to(ScalarType.Float32);                                                           // (N, M, D)
            var error = head.forward(nn.functional.layer_norm(numbers, [numbers.shape[2]]).flatten(1)) - targets;
            return (error * error * weights).sum(1).mean();
        }
    }
}

/// <summary>Images and what a teacher says of them.</summary>
/// <param name="PixelValues">(N, 3, S, S).</param>
/// <param name="Targets">(N, K), each of about mean 0 and variance 1.</param>
/// <param name="Prompts">
/// Token ids and mask of a prompt with each image (N, T), padded on the right; null where the vision tower alone learns.
/// </param>
public sealed record DescribedImages(Tensor PixelValues, Tensor Targets, (Tensor Ids, Tensor Mask)? Prompts = null) : IDisposable
{
    /// <summary>Number of images.</summary>
    public int NumImages => (int)PixelValues.shape[0];

    /// <summary>The same in portions; in the dispose scope of the caller.</summary>
    internal IEnumerable<DescribedImages> Portions(int size)
    {
        for (var from = 0; from < NumImages; from += size)
        {
            var count = Math.Min(size, NumImages - from);
            (Tensor, Tensor)? prompts = Prompts is { } all ? (all.Ids.narrow(0, from, count), all.Mask.narrow(0, from, count)) : null;
            yield return new(PixelValues.narrow(0, from, count), Targets.narrow(0, from, count), prompts);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        PixelValues.Dispose();
        Targets.Dispose();
        Prompts?.Ids.Dispose();
        Prompts?.Mask.Dispose();
    }
}
