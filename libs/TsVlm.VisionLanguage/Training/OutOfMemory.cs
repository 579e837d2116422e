using System.Runtime.InteropServices;
using TsVlm.Contracts;

namespace TsVlm.VisionLanguage.Training;

/// <summary>What to do when tensors find no more memory.</summary>
internal static class OutOfMemory
{
    /// <summary>
    /// Whether the tensor library said so: its allocators have no exception of their own ("CUDA out of memory", "can't allocate memory").
    /// </summary>
    public static bool IsReason(ExternalException error) =>
        error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("allocate memory", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// What can still be lowered in a recipe, the cheapest first: "Set recipe.gradientCheckpointing, or lower recipe.microBatchSize from
    /// 4."
    /// </summary>
    public static string Advice(Recipe recipe)
    {
        var steps = new List<string>();
        if (!recipe.GradientCheckpointing) steps.Add("set recipe.gradientCheckpointing");
        if (recipe.Precision is Precision.Float32) steps.Add("set recipe.precision to bfloat16");
        if (recipe.MicroBatchSize > 1)
            steps.Add(FormattableString.Invariant(
                $"lower recipe.microBatchSize from {recipe.MicroBatchSize} and raise recipe.gradientAccumulation as much"));
        if (recipe.Trained is not TrainedPart.Lora) steps.Add("train by lora");
        else if (recipe.Lora.Rank > 8) steps.Add(FormattableString.Invariant($"lower recipe.lora.rank from {recipe.Lora.Rank}"));
        steps.Add("lower representation.contextLength");
        steps.Add("take a smaller model or a device with more memory");
        var text = $"{string.Join(", ", steps.SkipLast(1))} or {steps[^1]}.";
        return char.ToUpperInvariant(text[0]) + text[1..];
    }
}
