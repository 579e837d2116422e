using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.VisionLanguage.Planning;

/// <summary>What a training will take, worked out before it starts: weights, memory, steps and arithmetic.</summary>
public sealed record TrainingPlan
{
    // Of what matrix products alone reach; the rest goes to attention, norms, the optimizer and reading memory (benchmarks/README.md).
    private const double ShareOfPeak = 0.4;

    /// <summary>Weights of the model, adapters included.</summary>
    public required long NumParameters { get; init; }

    /// <summary>Weights that learn.</summary>
    public required long NumTrained { get; init; }

    /// <summary>Tokens of the longest sequence.</summary>
    public required int Sequence { get; init; }

    /// <summary>Optimizer steps; where a refit follows, those of all epochs on training and validation samples included.</summary>
    public required int NumSteps { get; init; }

    /// <summary>Memory by part.</summary>
    public required MemoryPlan Memory { get; init; }

    /// <summary>Floating-point operations of all steps, every sequence counted as long as the longest.</summary>
    public required double Operations { get; init; }

    private Recipe Recipe { get; init; } = new();

    /// <summary>Plans a training; nothing is allocated.</summary>
    /// <param name="config">Sizes of the model.</param>
    /// <param name="recipe">How it is trained.</param>
    /// <param name="size">What it is trained on.</param>
    public static TrainingPlan Of(LlavaConfig config, Recipe recipe, TrainingSize size)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(recipe);
        using var weights = PlannedWeights.Of(config, recipe);
        var orders = OrdersOf(recipe, size).ToList();
        var samplesSeen = orders.Sum(order => order.NumSamplesInAll);
        var imagesSeen = VisionFeatureCache.BytesOf(config, recipe, size.NumImages) > 0 ? orders.Count * size.NumImages : samplesSeen;
        return new TrainingPlan
        {
            NumParameters = weights.Num,
            NumTrained = weights.NumTrained,
            Sequence = size.Sequence,
            NumSteps = orders.Sum(order => order.NumSteps),
            Memory = MemoryPlan.Of(config, recipe, size),
            Operations = (samplesSeen * OperationsOfSample(config, recipe, size, weights.NumTrained))
                + (imagesSeen * OperationsOfTower(config, recipe, size)),
            Recipe = recipe,
        };
    }

    /// <summary>Seconds that it takes about, on a device that multiplies matrices at that speed.</summary>
    public double Seconds(double operationsPerSecond) => Operations / (ShareOfPeak * operationsPerSecond);

    /// <summary>
    /// Why it does not fit a device's memory and what to change; null where it fits, or where nobody says how much there is.
    /// </summary>
    public string? Refusal(string device, long? availableBytes) => availableBytes is not { } available || Memory.Total <= available ? null
        : $"Device {device}: expected a training that fits the {Gigabytes(available)} available, found {Gigabytes(Memory.Total)}: weights {Gigabytes(Memory.Weights)}, "
            + $"gradients {Gigabytes(Memory.Gradients)}, optimizer {Gigabytes(Memory.Optimizer)}, best weights {Gigabytes(Memory.BestWeights)}, "
            + $"activations {Gigabytes(Memory.Activations)} (micro-batches of {Recipe.MicroBatchSize} x {Sequence} tokens). {OutOfMemory.Advice(Recipe)}";

    /// <summary>Bytes as people read them, in units of 10^9.</summary>
    public static string Gigabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e9:0.00} GB");

    private static IEnumerable<EpochSampler> OrdersOf(Recipe recipe, TrainingSize size)
    {
        var order = new EpochSampler(size.NumTrain, recipe.Epochs, recipe.MicroBatchSize, recipe.GradientAccumulation, Seed: 0);
        yield return order;
        if (recipe.Refits && size.NumValidation > 0) yield return order with { NumSamples = size.NumTrain + size.NumValidation };
    }

    /// <summary>
    /// Two operations for each product forward, two for the gradient of its input, two for its weight's where that learns; two more where
    /// the layers are computed again. What is frozen below all that learns is passed forward only.
    /// </summary>
    private static double OperationsOfSample(LlavaConfig config, Recipe recipe, TrainingSize size, long numTrained)
    {
        var numImageTokens = size.ImagesPerSample * (config.Vision.NumPatches + 1);
        var again = recipe.GradientCheckpointing ? 2.0 : 0;
        var decoder = config.Text.NumProducts(size.Sequence, size.NumAnswerTokens) * ((recipe.Trained is TrainedPart.Lora ? 4 : 6) + again);
        var projector = (double)config.NumProjectorParameters * numImageTokens * (recipe.Trained is TrainedPart.Full ? 6 : 4);
        var adapters = recipe.Trained is TrainedPart.Lora
            ? (double)(numTrained - config.NumProjectorParameters) * size.Sequence * (6 + again) : 0;
        return decoder + projector + adapters;
    }

    private static double OperationsOfTower(LlavaConfig config, Recipe recipe, TrainingSize size) => size.ImagesPerSample
        * (double)config.Vision.NumParameters * (config.Vision.NumPatches + 1) * (recipe.Trained is not TrainedPart.Full
            ? 2 : recipe.GradientCheckpointing ? 8 : 6);
}

/// <summary>What a training is trained on.</summary>
/// <param name="NumTrain">Samples to learn from.</param>
/// <param name="NumValidation">Samples that choose the weights.</param>
/// <param name="Sequence">Tokens of the longest sequence, image tokens and answer included.</param>
/// <param name="NumAnswerTokens">Tokens of the longest answer, end token included.</param>
/// <param name="ImagesPerSample">Images of a sample; 0 for text alone.</param>
public sealed record TrainingSize(int NumTrain, int NumValidation, int Sequence, int NumAnswerTokens, int ImagesPerSample)
{
    /// <summary>Images of all samples.</summary>
    internal int NumImages => ImagesPerSample * (NumTrain + NumValidation);

    /// <summary>The size of samples that are there already.</summary>
    public static TrainingSize Of(IReadOnlyList<EncodedSample> samples, int numValidation) => new(
        samples.Count, numValidation, samples.Max(s => s.InputIds.Length), samples.Max(s => s.NumAnswerTokens),
        samples.Max(s => s.Images.Count));
}
