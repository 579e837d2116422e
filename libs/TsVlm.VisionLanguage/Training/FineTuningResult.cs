using System.Text.Json.Serialization;
using TsVlm.VisionLanguage.Scoring;

namespace TsVlm.VisionLanguage.Training;

/// <summary>What one step did.</summary>
/// <param name="Step">Number of the step, from 0.</param>
/// <param name="Epoch">Passes over the training split after the step; fractions count.</param>
/// <param name="LearningRate">Learning rate of the step, of everything but the projector.</param>
/// <param name="Loss">
/// Mean cross-entropy over the step's targets before the step, in nats: the answers' tokens, and those of rationales by their weight.
/// </param>
/// <param name="ValidationLoss">Mean cross-entropy over the validation split's answer tokens after the step; null within an epoch.</param>
/// <param name="GradientNorm">Norm of the gradient before it is clipped.</param>
public sealed record TrainingStep(int Step, double Epoch, double LearningRate, double Loss, double? ValidationLoss, double GradientNorm);

/// <summary>How far a training is.</summary>
/// <param name="Step">The step just done.</param>
/// <param name="NumSteps">
/// Steps planned; where a refit will follow, at most its steps included, and in a refit those of the selection.
/// </param>
/// <param name="SamplesDone">Samples seen, those before a continuation included.</param>
/// <param name="NumSamples">Samples that will have been seen after all steps.</param>
/// <param name="SamplesPerSecond">Samples a second so far, validation included.</param>
public sealed record FineTuningProgress(TrainingStep Step, int NumSteps, long SamplesDone, long NumSamples, double SamplesPerSecond)
{
    /// <summary>Steps done; in a refit those of the selection included.</summary>
    public required int StepsDone { get; init; }

    /// <summary>Whether the step is one of a refit.</summary>
    public bool IsRefit { get; init; }
}

/// <summary>What a training calls back.</summary>
public sealed record FineTuningCallbacks
{
    /// <summary>Called after every step.</summary>
    public Action<FineTuningProgress>? Progress { get; init; }

    /// <summary>Called after every epoch and its validation, be it a fraction of one.</summary>
    public Action<FineTuningEpoch>? Epoch { get; init; }

    /// <summary>
    /// Offered the training's state <see cref="TimeBetweenSnapshots"/> after the last time (at the end of an epoch already after a sixth of
    /// it, and never so often that it takes a twentieth of the time), and before a stop on request.
    /// The state lives on: save it before returning.
    /// </summary>
    public Action<TrainingState>? Snapshot { get; init; }

    /// <summary>About how much training a sudden end may cost; zero offers the state after every step.</summary>
    public TimeSpan TimeBetweenSnapshots { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>What a finished training was like; the model itself holds the weights.</summary>
public sealed record FineTuningResult
{
    /// <summary>Every step done, in order.</summary>
    public required IReadOnlyList<TrainingStep> Steps { get; init; }

    /// <summary>True when the guard kept the weights of the start.</summary>
    public bool KeptStart { get; init; }

    /// <summary>
    /// Passes over the training split after which the kept weights were reached; without a validation split, those of the end.
    /// </summary>
    public required double BestEpoch { get; init; }

    /// <summary>Validation loss of the kept weights; null without a validation split.</summary>
    public required double? BestValidationLoss { get; init; }

    /// <summary>True when the validation loss had not improved for as many epochs as the recipe has patience.</summary>
    public required bool StoppedEarly { get; init; }

    /// <summary>Wall-clock seconds, validation and the time before a continuation included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds among them from before a continuation.</summary>
    public required double SecondsBefore { get; init; }

    /// <summary>Training samples seen, each time counted.</summary>
    public required long NumSamplesSeen { get; init; }

    /// <summary>Training samples seen a second, over <see cref="Seconds"/>.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>
    /// The training that chose the epochs of this one, where this is a refit: its seconds and samples are among this one's, its steps are
    /// not.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FineTuningResult? Selection { get; init; }
}

/// <summary>What a refit needs of the training before it, which learnt from the training cases alone.</summary>
/// <param name="Result">How it went; the epoch of its lowest validation loss is the number of epochs to train.</param>
/// <param name="Scaling">
/// The temperature of its model on the validation cases, which the refit learns from, so that none can be fitted on them afterwards.
/// </param>
public sealed record Selection(FineTuningResult Result, TemperatureScaling Scaling)
{
    /// <summary>Epochs that a refit trains; a fraction at the end counts as one.</summary>
    [JsonIgnore]
    public int NumEpochs =>
        Result.Steps.Count(step => step.ValidationLoss is not null && step.Epoch <= Result.BestEpoch);
}
