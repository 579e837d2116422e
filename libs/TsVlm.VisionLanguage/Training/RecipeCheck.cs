using TsVlm.Contracts;

namespace TsVlm.VisionLanguage;

/// <summary>Refuses recipes that no training can follow.</summary>
internal static class RecipeCheck
{
    /// <summary>Throws for the first setting out of bounds.</summary>
    /// <exception cref="FineTuningException">A setting is out of bounds.</exception>
    public static void Require(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        Require(recipe.Epochs >= 0 && recipe.Epochs <= 100_000, nameof(recipe.Epochs), "0 to 100000", recipe.Epochs);
        Require(recipe.MicroBatchSize >= 1, nameof(recipe.MicroBatchSize), "at least 1", recipe.MicroBatchSize);
        Require(recipe.GradientAccumulation >= 1, nameof(recipe.GradientAccumulation), "at least 1", recipe.GradientAccumulation);
        Require(recipe.LearningRate >= 0 && double.IsFinite(recipe.LearningRate), nameof(recipe.LearningRate), "0 or more", recipe.LearningRate);
        Require(recipe.ProjectorLearningRate >= 0 && double.IsFinite(recipe.ProjectorLearningRate),
            nameof(recipe.ProjectorLearningRate), "0 or more", recipe.ProjectorLearningRate);
        Require(recipe.WarmupRatio is >= 0 and <= 1, nameof(recipe.WarmupRatio), "0 to 1", recipe.WarmupRatio);
        Require(recipe.WeightDecay >= 0 && double.IsFinite(recipe.WeightDecay), nameof(recipe.WeightDecay), "0 or more", recipe.WeightDecay);
        Require(recipe.MaxGradientNorm >= 0, nameof(recipe.MaxGradientNorm), "0 or more", recipe.MaxGradientNorm);
        Require(recipe.Patience >= 0, nameof(recipe.Patience), "0 or more", recipe.Patience);
    }

    private static void Require(bool holds, string setting, string expected, double found)
    {
        if (!holds) throw new FineTuningException(FormattableString.Invariant($"Recipe, {setting}: expected {expected}, found {found}."));
    }
}
