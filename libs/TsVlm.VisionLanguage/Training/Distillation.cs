using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Training;

/// <summary>
/// Pretrains a part of a model on batches of two kinds. From a <see cref="DistillationBatch"/> it learns to tell, through one linear
/// layer, what a teacher says of what images show (Hinton et al. 2015): the vision tower over <see cref="Llava.VisionSummary"/>, or, where the batch has
/// prompts, projector and decoder over <see cref="Llava.AnswerStates"/>, the tower being left as it is; the targets are predicted once from all of
/// these states, which a probe reads, and once from the last, which an answer begins with. From a <see cref="CaptionBatch"/>
/// projector and decoder learn to write a text about the images.
/// <para>
/// The loss of a distillation is the mean of two errors of the targets, each 1 where nothing is learnt: the mean squared error, each target
/// with a weight, where targets have variance 1; and, within the groups that a batch consists of, the squared error of the differences from
/// the group's mean, as a share of what these differences are. The second asks for what tells series apart that resemble each other, which
/// has little weight in the first. The loss of a caption is the mean cross-entropy of its tokens.
/// </para>
/// Each step is learnt from a batch of its own; the same arguments give the same weights bit for bit on the CPU, wherever it was
/// interrupted.
/// </summary>
/// <param name="model">The model that learns; weights that no loss depends on stay as they are.</param>
/// <param name="recipe">Learning rate, warm-up, decay, clipping and the size of a step (<see cref="Recipe.MicroBatchSize"/>).</param>
/// <param name="targetWeights">
/// For each set of targets (<see cref="DistillationBatch.TargetSet"/>) the weight of each; each set has a linear layer of its own.
/// </param>
/// <param name="seed">Seed by which a state is told from another's.</param>
/// <param name="clock">Measures the throughput.</param>
public sealed class Distillation(
    Llava model, Recipe recipe, IReadOnlyList<IReadOnlyList<double>> targetWeights, int seed, TimeProvider clock)
{
    // Mean square of differences within a group that count as this much if they are less: series that are nearly the same.
    private const double LeastDifference = 0.02;

    /// <summary>Runs so many steps; at the end the tower has learnt and is in evaluation mode.</summary>
    /// <param name="numSteps">Steps in all.</param>
    /// <param name="batchOf">The batch of a step: the same for a step whenever it is asked for.</param>
    /// <param name="validation">Batches that nothing is learnt from; the validation loss is the mean of theirs.</param>
    /// <param name="callbacks">
    /// Progress and snapshots; an epoch is a fiftieth of the steps, at whose end the validation loss is measured.
    /// </param>
    /// <param name="continueFrom">Folder of a state of this very training; null starts at the first step.</param>
    /// <param name="cancellationToken">Stops between two steps; the state is offered before.</param>
    /// <exception cref="FineTuningException">A state of another training, or a loss that is not finite.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public FineTuningResult Run(
        int numSteps, Func<int, PretrainingBatch> batchOf, IReadOnlyList<PretrainingBatch> validation, FineTuningCallbacks callbacks,
        string? continueFrom,
        CancellationToken cancellationToken)
    {
        // not disposed: its weights are the model's
        using var scope = NewDisposeScope();
        var student = new Student(model, targetWeights, readsAnswers: validation.Any(batch => batch.HasPrompts));
        var parameters = TrainedParameters.Choose(student, student.Learns, recipe.LearningRate, recipe.LearningRate);
        var size = recipe.MicroBatchSize;
        using var state = new TrainingState(parameters, new TrainingIdentity(recipe, seed, numSteps * size, validation.Sum(batch => batch.NumSamples)));
        if (continueFrom is not null) state.Restore(continueFrom);
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
            var (loss, norm) = Step(student, parameters, state.Optimizer, schedule, step, batchOf(step));
            state.Add(new(step, epoch, recipe.LearningRate * schedule.Factor(step), loss, null, norm), clock.GetElapsedTime(started));
            var ends = (step + 1) % toValidate == 0 || step + 1 == numSteps;
            if (ends) state.AddValidation(FiniteLossOf(student, validation, step), clock.GetElapsedTime(started));
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
        Student student, TrainedParameters parameters, AdamW optimizer, LearningRateSchedule schedule, int step, PretrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        model.train();
        parameters.ZeroGrad();
        var error = student.Loss(batch);
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
    private double FiniteLossOf(Student student, IReadOnlyList<PretrainingBatch> batches, int step) =>
        batches.Average(batch => LossOf(student, batch)) is var loss && double.IsFinite(loss) ? loss
            : throw new FineTuningException(
                $"Validation after step {step}: expected a finite loss, found {loss}. Lower the learning rate.");

    private double LossOf(Student student, PretrainingBatch batch)
    {
        model.eval();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return student.Loss(batch).Value<float>();
    }

    /// <summary>The model and a linear layer for each set of targets over what is read of it; the layers are thrown away at the end.</summary>
    private sealed class Student : nn.Module
    {
        private readonly Llava model;
        private readonly bool readsAnswers;
        private readonly TorchSharp.Modules.ModuleList<LinearLayer> heads = [];
        private readonly TorchSharp.Modules.ModuleList<LinearLayer> headsOfLast = [];   // of the state that an answer's first token is read from
        private readonly Tensor[] weights;   // (K) of each set of targets, of sum 1

        public Student(Llava model, IReadOnlyList<IReadOnlyList<double>> targetWeights, bool readsAnswers) : base(nameof(Student))
        {
            this.model = model;
            this.readsAnswers = readsAnswers;
            var numNumbers = readsAnswers ? model.AnswerStatesSize : model.VisionSummarySize;
            var format = new WeightFormat(ScalarType.Float32, ScalarType.Float32, model.Device);
            foreach (var set in targetWeights)
            {
                heads.Add(new LinearLayer(numNumbers, set.Count, hasBias: true, format));
                if (readsAnswers) headsOfLast.Add(new LinearLayer(model.Config.Text.Width, set.Count, hasBias: true, format));
            }
            weights = [.. targetWeights.Select(set => tensor([.. set.Select(w => (float)(w / set.Sum()))]).to(model.Device))];
            RegisterComponents();
        }

        public bool Learns(string name) =>
            !name.StartsWith("model.", StringComparison.Ordinal)
            || name.StartsWith("model.vision_tower.", StringComparison.Ordinal) != readsAnswers;

        public Tensor Loss(PretrainingBatch batch)
        {
            using var scope = NewDisposeScope();
            return (batch switch
            {
                DistillationBatch taught => Error(taught),
                CaptionBatch { Sequences: var texts } =>
                    model.Loss(texts.InputIds, texts.AttentionMask, Patches(texts.Images!), texts.TargetIds),
                _ => throw new ArgumentException($"Batch: expected a distillation or captions, found {batch.GetType().Name}.", nameof(batch)),
            }).MoveToOuterDisposeScope();
        }

        private Tensor Error(DistillationBatch batch)
        {
            using var scope = NewDisposeScope();
            var states = batch.Prompts is null ? model.VisionSummary(batch.PixelValues)
                : model.AnswerStates(batch.Prompts.InputIds, batch.Prompts.AttentionMask, Patches(batch.PixelValues));
            var numbers = nn.functional.layer_norm(states.to(ScalarType.Float32), [states.shape[2]]);              // (N, M, D)
            var error = Error(heads[batch.TargetSet].forward(numbers.flatten(1)), batch);
            if (!readsAnswers) return error.MoveToOuterDisposeScope();
            var ofLast = Error(headsOfLast[batch.TargetSet].forward(numbers.select(1, numbers.shape[1] - 1)), batch);
            return error.Plus(ofLast).mul(Constants.Real(0.5)).MoveToOuterDisposeScope();
        }

        private Tensor Error(Tensor told, DistillationBatch batch)
        {
            using var scope = NewDisposeScope();
            var targets = batch.Targets.to(model.Device);                                                          // (N, K)
            var error = told - targets;
            var weight = weights[batch.TargetSet];
            var overall = Squares(error, weight).mean();
            if (batch.GroupSize == 1) return overall.MoveToOuterDisposeScope();
            var (left, all) = (Squares(FromGroupMean(error, batch.GroupSize), weight),
                Squares(FromGroupMean(targets, batch.GroupSize), weight));                                         // (groups, size)
            var least = Constants.Real(LeastDifference * batch.GroupSize);
            var within = (left.sum([1]) / all.sum([1]).clamp_min(least)).mean();
            return overall.Plus(within).mul(Constants.Real(0.5)).MoveToOuterDisposeScope();
        }

        /// <summary>What the tower, which does not learn with the answers, makes of images.</summary>
        private Tensor Patches(Tensor images)
        {
            using var noGradient = no_grad();
            return model.VisionStates(images);
        }

        // (..., K) -> (...)
        private static Tensor Squares(Tensor numbers, Tensor weights) => (numbers * numbers * weights).sum([-1]);

        // (N, K) -> (groups, size, K)
        private static Tensor FromGroupMean(Tensor numbers, int groupSize)
        {
            var groups = numbers.view(-1, groupSize, numbers.shape[1]);
            return groups - groups.mean([1], keepdim: true);
        }
    }
}

/// <summary>What a step of a pretraining learns from.</summary>
public abstract record PretrainingBatch : IDisposable
{
    /// <summary>Number of series.</summary>
    public abstract int NumSamples { get; }

    /// <summary>Whether projector and decoder learn, rather than the tower.</summary>
    public abstract bool HasPrompts { get; }

    /// <inheritdoc />
    public abstract void Dispose();
}

/// <summary>Images and what a teacher says of them.</summary>
/// <param name="PixelValues">(N * I, 3, S, S): I images of each of N series.</param>
/// <param name="Targets">(N, K), each of about mean 0 and variance 1.</param>
/// <param name="Prompts">A prompt with the images of each series; null where the vision tower alone learns, of one image each.</param>
public sealed record DistillationBatch(Tensor PixelValues, Tensor Targets, Batch? Prompts = null) : PretrainingBatch
{
    /// <summary>Which of the sets of targets these are.</summary>
    public int TargetSet { get; init; }

    /// <summary>Size of the groups of neighbouring series that resemble each other; divides N; 1 for unrelated series.</summary>
    public int GroupSize { get; init; } = 1;

    /// <inheritdoc />
    public override int NumSamples => (int)Targets.shape[0];

    /// <inheritdoc />
    public override bool HasPrompts => Prompts is not null;

    /// <inheritdoc />
    public override void Dispose()
    {
        PixelValues.Dispose();
        Targets.Dispose();
        Prompts?.Dispose();   // its images may be the pixel values; a tensor may be disposed twice
    }
}

/// <summary>Prompts with images and the texts that answer them.</summary>
/// <param name="Sequences">Sequences with images, targets on the texts.</param>
public sealed record CaptionBatch(Batch Sequences) : PretrainingBatch
{
    /// <inheritdoc />
    public override int NumSamples => Sequences.Cases.Count;

    /// <inheritdoc />
    public override bool HasPrompts => true;

    /// <inheritdoc />
    public override void Dispose() => Sequences.Dispose();
}
