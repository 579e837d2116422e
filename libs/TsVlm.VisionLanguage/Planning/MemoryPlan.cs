using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;

namespace TsVlm.VisionLanguage.Planning;

/// <summary>Bytes that a training takes on its device, by part.</summary>
public sealed record MemoryPlan
{
    /// <summary>Every weight, in the type it is kept in.</summary>
    public required long Weights { get; init; }

    /// <summary>A float32 gradient for each weight that learns.</summary>
    public required long Gradients { get; init; }

    /// <summary>AdamW's two float32 moments of each weight that learns.</summary>
    public required long Optimizer { get; init; }

    /// <summary>The copy of the weights that learn, taken where the validation loss was lowest.</summary>
    public required long BestWeights { get; init; }

    /// <summary>What the forward pass of one micro-batch keeps for the backward pass, at its fullest.</summary>
    public required long Activations { get; init; }

    /// <summary>
    /// What a vision tower that does not learn makes of the images, where it is kept; in main memory, whatever the device.
    /// </summary>
    public required long ImageStates { get; init; }

    /// <summary>
    /// All parts together, at the fullest. In a step of one micro-batch gradients come as activations go, so the larger of both counts; the
    /// second micro-batch of an accumulation finds the first one's gradients there.
    /// </summary>
    public long Total =>
        Weights + Optimizer + BestWeights + ImageStates + (IsAccumulated ? Gradients + Activations : Math.Max(Gradients, Activations));

    /// <summary>Whether a step takes more than one micro-batch.</summary>
    public required bool IsAccumulated { get; init; }

    /// <summary>Works the parts out; nothing is allocated, for the weights are made on the meta device.</summary>
    /// <param name="config">Sizes of the model.</param>
    /// <param name="recipe">How it is trained.</param>
    /// <param name="size">What it is trained on.</param>
    public static MemoryPlan Of(LlavaConfig config, Recipe recipe, TrainingSize size)
    {
        ArgumentNullException.ThrowIfNull(size);
        using var weights = PlannedWeights.Of(config, recipe);
        var activations = new ActivationBytes(config, recipe, size.Sequence, size.NumAnswerTokens, size.ImagesPerSample);
        return new MemoryPlan
        {
            Weights = weights.Bytes,
            Gradients = 4 * weights.NumTrained,
            Optimizer = 8 * weights.NumTrained,
            BestWeights = 4 * weights.NumTrained,
            Activations = recipe.LeavesModel ? 0 : activations.Peak + weights.CastBytes(recipe),
            ImageStates = VisionFeatureCache.BytesOf(config, recipe, size.NumImages),
            IsAccumulated = recipe.GradientAccumulation > 1,
        };
    }
}
