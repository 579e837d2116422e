namespace TsVlm.Contracts;

/// <summary>What values a scenario's settings may have.</summary>
public static class ScenarioBounds
{
    /// <summary>One sentence for each setting out of bounds: which, what was expected, what was found.</summary>
    public static IReadOnlyList<string> Problems(Scenario scenario)
    {
        var (representation, recipe, problems) = (scenario.Representation, scenario.Recipe, new List<string>());
        Check(!string.IsNullOrWhiteSpace(scenario.Name), "name", "some text", scenario.Name);
        Check(representation.ContextLength is >= 16 and <= 1_048_576, "representation.contextLength", "16 to 1048576", representation.ContextLength);
        Check(representation.Numbers.Digits is >= 0 and <= 8, "representation.numbers.digits", "0 to 8", representation.Numbers.Digits);
        Check(representation.Numbers is not { Rounding: Rounding.SignificantDigits, Digits: 0 },
            "representation.numbers.digits", "1 to 8 significant digits", representation.Numbers.Digits);
        Check(representation is not { Arm: Arm.Text, Text: TextKind.None }, "representation.text", "not NONE where the arm is text", "NONE");
        Check(recipe.Epochs is > 0 and <= 10_000, "recipe.epochs", "more than 0, at most 10000", recipe.Epochs);
        Check(recipe.MicroBatchSize is >= 1 and <= 4096, "recipe.microBatchSize", "1 to 4096", recipe.MicroBatchSize);
        Check(recipe.GradientAccumulation is >= 1 and <= 4096, "recipe.gradientAccumulation", "1 to 4096", recipe.GradientAccumulation);
        Check(recipe.LearningRate is > 0 and <= 1, "recipe.learningRate", "more than 0, at most 1", recipe.LearningRate);
        Check(recipe.ProjectorLearningRate is > 0 and <= 1, "recipe.projectorLearningRate", "more than 0, at most 1", recipe.ProjectorLearningRate);
        Check(recipe.WarmupRatio is >= 0 and <= 1, "recipe.warmupRatio", "0 to 1", recipe.WarmupRatio);
        Check(recipe.WeightDecay is >= 0 and <= 1, "recipe.weightDecay", "0 to 1", recipe.WeightDecay);
        Check(recipe.MaxGradientNorm is >= 0 and < double.PositiveInfinity, "recipe.maxGradientNorm", "0 (off) or more", recipe.MaxGradientNorm);
        Check(recipe.Patience is >= 0, "recipe.patience", "0 (off) or more", recipe.Patience);
        Check(recipe.Lora.Rank is >= 1 and <= 65_536, "recipe.lora.rank", "1 to 65536", recipe.Lora.Rank);
        Check(recipe.Lora.Alpha is > 0 and < double.PositiveInfinity, "recipe.lora.alpha", "more than 0", recipe.Lora.Alpha);
        Check(recipe.Lora.Dropout is >= 0 and < 1, "recipe.lora.dropout", "0 to less than 1", recipe.Lora.Dropout);
        return problems;

        void Check(bool holds, string setting, string expected, object? found)
        {
            if (!holds) problems.Add(FormattableString.Invariant($"{setting}: expected {expected}, found {found}."));
        }
    }
}
