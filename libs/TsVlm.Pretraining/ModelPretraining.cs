using System.Text.Json.Serialization;
using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.Pretraining.Synthetic;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.Pretraining;

/// <summary>
/// Pretrains a model: from zoom mosaics of synthetic series it learns what a <see cref="Teacher"/> says of the series themselves, first the
/// vision tower, then projector and decoder above it, which also learn to read statistics from the prompt and to describe series in words.
/// The next step's pictures are made while the model learns from the last.
/// </summary>
/// <param name="folder">
/// The model's folder: sizes, tokenizer and image preprocessing; the weights of its tower where <see cref="PretrainedPart.Answers"/> is
/// pretrained.
/// </param>
/// <param name="settings">What, how much, and by which seed.</param>
/// <param name="numThreads">Threads of the tensor library; another number may round differently.</param>
/// <param name="clock">Measures the throughput.</param>
public sealed class ModelPretraining(ModelFolder folder, PretrainingSettings settings, int numThreads, TimeProvider clock)
{
    // What the decoder's layers add is small at first, so that the image's features pass through.
    private const float FirstOutputScale = 0.1f;
    private static readonly string[] Outputs = ["self_attn.o_proj.weight", "mlp.down_proj.weight"];

    private readonly SyntheticSeries series = new(settings.Seed);

    /// <summary>The recipe that the settings mean.</summary>
    public Recipe Recipe { get; } = new()
    {
        Trained = TrainedPart.Full, Epochs = 1, MicroBatchSize = settings.BatchSize, GradientAccumulation = 1,
            LearningRate = settings.LearningRate,
        ProjectorLearningRate = settings.LearningRate, WarmupRatio = 0.02, WeightDecay = settings.WeightDecay,
        Precision = settings.Precision,
    };

    /// <summary>
    /// The model before the first step: drawn by the seed, or with the folder's weights where the settings name a start; for
    /// <see cref="PretrainedPart.Answers"/> with the folder's tower, and with a decoder whose layers add little.
    /// </summary>
    /// <exception cref="CheckpointException">
    /// The folder's configuration or weights cannot be used, or it has none where a tower is needed.
    /// </exception>
    /// <exception cref="FineTuningException">A setting is out of its bounds.</exception>
    public Llava CreateModel(ComputeDevice device)
    {
        if (settings.Problems() is { Count: > 0 } problems) throw new FineTuningException(string.Join(" ", problems));
        var options = ModelOptions.ForTraining(Recipe, settings.Seed, device);
        if (settings is { Part: PretrainedPart.Tower, Start: null })
        {
            var drawn = new Llava(LlavaConfig.Read(folder.Path), options);
            drawn.InitialiseWeights(settings.Seed);
            return drawn;
        }
        if (!folder.HasWeights)
            throw new CheckpointException($"{folder.Path}: expected a model whose vision tower was pretrained, found no weights. "
                + "Run tsvlm pretrain without --part answers and --keep-weights first, and name its folder.");
        using var noGradient = no_grad();
        var model = ModelStart.Create(folder, options);
        if (settings.Part is PretrainedPart.Tower) return model;
        foreach (var (name, parameter) in model.named_parameters())
        {
            var isOutput = name.StartsWith("language_model.", StringComparison.Ordinal)
                && Outputs.Any(output => name.EndsWith(output, StringComparison.Ordinal));
            if (isOutput) parameter.mul_(FirstOutputScale);
        }
        return model;
    }

    /// <summary>Trains a model of <see cref="CreateModel"/>.</summary>
    /// <param name="model">The model, made by <see cref="Recipe"/>.</param>
    /// <param name="callbacks">Progress and snapshots.</param>
    /// <param name="continueFrom">Folder of a snapshot of this very pretraining; null starts anew.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="FineTuningException">A snapshot of another pretraining, or a loss that is not finite.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request, after a snapshot.</exception>
    public FineTuningResult Run(Llava model, FineTuningCallbacks callbacks, string? continueFrom, CancellationToken cancellationToken)
    {
        set_num_threads(numThreads);
        // Groups of numbers below 0 are the validation's and the teacher's own.
        var numValidation = settings.NumValidation / settings.BatchSize;
        var firstOfTeacher = (long)numValidation * settings.BatchSize / PretrainingSettings.GroupSize;
        using var teacher = Teacher.Fit(
            [.. Enumerable.Range(1, (settings.NumTeacherSeries + 1) / 2).SelectMany(i => series.Group(-firstOfTeacher - i, size: 2))],
            settings.NumComponents, settings.Seed, numThreads, cancellationToken);
        IPretrainingBatches batches = settings.Part is PretrainedPart.Tower ? new TowerBatches(folder, settings, series, teacher)
            : new AnswerBatches(folder, settings, series, teacher);
        PretrainingBatch[] validation = [.. Enumerable.Range(1, numValidation).Select(i => batches.Of(-i, cancellationToken))];
        try
        {
            var distillation = new Distillation(model, Recipe, batches.TargetWeights, settings.Seed, clock);
            // Not stopped in the middle: a step's pictures take less than the step, and between two steps nothing is lost.
            using var next = new Prefetch<PretrainingBatch>(step => batches.Of(step, CancellationToken.None));
            return distillation.Run(settings.NumSteps, next.Take, validation, callbacks, continueFrom, cancellationToken);
        }
        finally
        {
            foreach (var batch in validation) batch.Dispose();
        }
    }
}

/// <summary>What a pretraining learns from, step by step; those of a negative number are for validation.</summary>
internal interface IPretrainingBatches
{
    /// <summary>For each set of targets, the weight of each.</summary>
    IReadOnlyList<IReadOnlyList<double>> TargetWeights { get; }

    /// <summary>The batch of a step: number, settings and seed decide it.</summary>
    PretrainingBatch Of(int step, CancellationToken cancellationToken);
}

/// <summary>How a model is pretrained.</summary>
public sealed record PretrainingSettings
{
    /// <summary>Most steps.</summary>
    public const int MaxSteps = 10_000_000;

    /// <summary>Series in a group that resemble each other; a step has a whole number of groups.</summary>
    public const int GroupSize = 8;

    /// <summary>Most series in a step.</summary>
    public const int MaxBatchSize = 65_536;

    /// <summary>Most components; fewer than the teacher has series.</summary>
    public const int MaxComponents = 4000;

    /// <summary>Lowest learning rate.</summary>
    public const double MinLearningRate = 1e-9;

    /// <summary>Highest learning rate.</summary>
    public const double MaxLearningRate = 1;

    /// <summary>What learns.</summary>
    public PretrainedPart Part { get; init; }

    /// <summary>
    /// Content hash of the model whose tower it started from; null for a random start of <see cref="PretrainedPart.Tower"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Start { get; init; }

    /// <summary>Whether every second step of <see cref="PretrainedPart.Answers"/> learns to describe series in words.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Descriptions { get; init; }

    /// <summary>Optimizer steps.</summary>
    public int NumSteps { get; init; } = 4000;

    /// <summary>Series in a step, each seen once.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Highest learning rate.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>AdamW's decoupled weight decay.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Numbers in which the teacher describes a series.</summary>
    public int NumComponents { get; init; } = 2000;

    /// <summary>Series that the teacher's components come from; more than there are components.</summary>
    public int NumTeacherSeries { get; init; } = 6144;

    /// <summary>Series that nothing is learnt from; as many as make whole batches are used.</summary>
    public int NumValidation { get; init; } = 512;

    /// <summary>Type of the activations; the weights are float32.</summary>
    public Precision Precision { get; init; } = Precision.BFloat16;

    /// <summary>Seed of the series, the teacher and the first weights.</summary>
    public int Seed { get; init; }

    /// <summary>One sentence for each setting out of its bounds: which, what was expected, what was found.</summary>
    public IReadOnlyList<string> Problems()
    {
        // No comparison holds for NaN.
        (bool Holds, string Name, object Min, object Max, object Found)[] checks =
        [
            (NumSteps is >= 1 and <= MaxSteps, nameof(NumSteps), 1, MaxSteps, NumSteps),
            (BatchSize is >= 1 and <= MaxBatchSize, nameof(BatchSize), 1, MaxBatchSize, BatchSize),
            (BatchSize % GroupSize == 0, $"{nameof(BatchSize)}, in groups of {GroupSize}", GroupSize, MaxBatchSize, BatchSize),
            (NumComponents is >= 1 and <= MaxComponents, nameof(NumComponents), 1, MaxComponents, NumComponents),
            (LearningRate is >= MinLearningRate
            and <= MaxLearningRate, nameof(LearningRate), MinLearningRate, MaxLearningRate, LearningRate),
            (WeightDecay is >= 0 and <= 1, nameof(WeightDecay), 0, 1, WeightDecay),
            (NumTeacherSeries > NumComponents, nameof(NumTeacherSeries), NumComponents + 1, int.MaxValue, NumTeacherSeries),
            (NumValidation >= BatchSize, nameof(NumValidation), BatchSize, int.MaxValue, NumValidation),
            (Seed >= 0, nameof(Seed), 0, int.MaxValue, Seed),
        ];
        return [.. checks.Where(check => !check.Holds).Select(check => FormattableString.Invariant(
            $"Pretraining, {check.Name}: expected {check.Min} to {check.Max}, found {check.Found}."))];
    }
}

/// <summary>What of a model is pretrained.</summary>
public enum PretrainedPart
{
    /// <summary>The vision tower, from random weights.</summary>
    Tower,
    /// <summary>Projector and decoder, so that what a pretrained tower tells arrives at the answer.</summary>
    Answers,
}
