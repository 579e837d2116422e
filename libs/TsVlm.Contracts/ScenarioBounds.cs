namespace TsVlm.Contracts;

/// <summary>What values a scenario's settings may have.</summary>
public static class ScenarioBounds
{
    /// <summary>One sentence for each setting out of bounds: which, what was expected, what was found.</summary>
    public static IReadOnlyList<string> Problems(Scenario scenario)
    {
        var problems = new List<string>();
        var representation = scenario.Representation;
        Check(problems, !string.IsNullOrWhiteSpace(scenario.Name), "name", "some text", scenario.Name);
        Check(problems, representation.ContextLength is >= 16
            and <= 1_048_576, "representation.contextLength", "16 to 1048576", representation.ContextLength);
        Check(problems, representation.Numbers.Digits is >= 0
            and <= 8, "representation.numbers.digits", "0 to 8", representation.Numbers.Digits);
        Check(problems, representation.Numbers is not { Rounding: Rounding.SignificantDigits, Digits: 0 },
            "representation.numbers.digits", "1 to 8 significant digits", representation.Numbers.Digits);
        Check(problems, representation is not { Arm: Arm.Text, Text: TextKind.None }, "representation.text",
            "not NONE where the arm is text", "NONE");
        Check(problems, scenario is not { Recipe.ReadOut: ReadOut.TowerProbe, Representation.Arm: Arm.Text },
            "recipe.readOut", "a read-out of the language model where the arm is text", "tower-probe");
        if (representation.Rationale is { } rationale) CheckRationale(problems, rationale, scenario.Recipe);
        return [.. problems, .. Problems(scenario.Recipe)];
    }

    private static void CheckRationale(List<string> problems, RationaleSettings rationale, Recipe recipe)
    {
        const string Learnt = "a scenario that learns to answer (recipe.readOut answer, recipe.epochs above 0) where there is a rationale";
        Check(problems, recipe.ReadOut is ReadOut.Answer, "representation.rationale", Learnt, recipe.ReadOut);
        Check(problems, !recipe.LeavesModel, "representation.rationale", Learnt, "0 epochs");
        Check(problems, !recipe.FitOutputLayer, "recipe.fitOutputLayer", "false where there is a rationale", "true");
        Check(problems, rationale.MaxTokens is >= 8 and <= 4096, "representation.rationale.maxTokens", "8 to 4096", rationale.MaxTokens);
        Check(problems, !rationale.IsOfFile
            || (rationale.Source.Length == 64 && rationale.Source.All(char.IsAsciiHexDigitLower)), "representation.rationale.source",
            $"{RationaleSettings.Contrasts}, or the SHA-256 of a file of rationales", rationale.Source);
        Check(problems, recipe.Refit is not true, "recipe.refit",
            "false where there is a rationale, as none is written for validation cases", "true");
        if (rationale.Order is not RationaleOrder.RationaleFirst) return;
        Check(problems, recipe.AnswerScore is not AnswerScore.RelativeToBlank, "recipe.answerScore",
            "likelihood or per-token where the rationale comes first, as there is none of a blank prompt", "relative-to-blank");
        Check(problems, recipe.RationaleDropout == 0, "recipe.rationaleDropout",
            "0 where the rationale comes first, as the answer is scored behind one", recipe.RationaleDropout);
        Check(problems, recipe.RationaleWeight is not 0, "recipe.rationaleWeight",
            "more than 0 where the rationale comes first, as it is to be written at the test", 0);
    }

    /// <summary>The same for a recipe alone; a trainer refuses what this names.</summary>
    public static IReadOnlyList<string> Problems(Recipe recipe)
    {
        var problems = new List<string>();
        Check(problems, recipe.Epochs is >= 0 and <= 10_000, "recipe.epochs", "0 to 10000", recipe.Epochs);
        Check(problems, recipe.MicroBatchSize is >= 1 and <= 4096, "recipe.microBatchSize", "1 to 4096", recipe.MicroBatchSize);
        Check(problems, recipe.GradientAccumulation is >= 1
            and <= 4096, "recipe.gradientAccumulation", "1 to 4096", recipe.GradientAccumulation);
        Check(problems, recipe.LearningRate is >= 0 and <= 1, "recipe.learningRate", "0 to 1", recipe.LearningRate);
        Check(problems, recipe.ProjectorLearningRate is >= 0
            and <= 1, "recipe.projectorLearningRate", "0 to 1", recipe.ProjectorLearningRate);
        Check(problems, recipe.WarmupRatio is >= 0 and <= 1, "recipe.warmupRatio", "0 to 1", recipe.WarmupRatio);
        Check(problems, recipe.WeightDecay is >= 0 and <= 1, "recipe.weightDecay", "0 to 1", recipe.WeightDecay);
        Check(problems, recipe.MaxGradientNorm is >= 0
            and < double.PositiveInfinity, "recipe.maxGradientNorm", "0 (off) or more", recipe.MaxGradientNorm);
        Check(problems, recipe.RationaleWeight is null or (>= 0 and <= 1), "recipe.rationaleWeight", "0 to 1", recipe.RationaleWeight);
        Check(problems, recipe.RationaleDropout is >= 0 and < 1, "recipe.rationaleDropout", "0 to less than 1", recipe.RationaleDropout);
        Check(problems, recipe.LabelSmoothing is >= 0 and < 1, "recipe.labelSmoothing", "0 to less than 1", recipe.LabelSmoothing);
        Check(problems, recipe is not { ReadOut: ReadOut.TowerProbe, LeavesModel: false, Trained: not TrainedPart.Full },
            "recipe.trained", "full where a tower-probe is fine-tuned, as other parts do not change what it reads", recipe.Trained);
        Check(problems, recipe is not ({ FitOutputLayer: true, ReadOut: not ReadOut.Answer } or { FitOutputLayer: true, LeavesModel: true }),
            "recipe.fitOutputLayer", "false where a probe is read or nothing is trained (answer-probe does the like)", "true");
        Check(problems, recipe is not { FitOutputLayer: true, Trained: TrainedPart.Lora }, "recipe.trained",
            "full or projector-and-language-model with recipe.fitOutputLayer, as adapters leave the output layer", recipe.Trained);
        Check(problems, recipe.Patience is >= 0, "recipe.patience", "0 (off) or more", recipe.Patience);
        Check(problems, recipe.Lora.Rank is >= 1 and <= 65_536, "recipe.lora.rank", "1 to 65536", recipe.Lora.Rank);
        Check(problems, recipe.Lora.Alpha is > 0 and < double.PositiveInfinity, "recipe.lora.alpha", "more than 0", recipe.Lora.Alpha);
        Check(problems, recipe.Lora.Dropout is >= 0 and < 1, "recipe.lora.dropout", "0 to less than 1", recipe.Lora.Dropout);
        return problems;
    }

    private static void Check(List<string> problems, bool holds, string setting, string expected, object? found)
    {
        if (!holds) problems.Add(FormattableString.Invariant($"{setting}: expected {expected}, found {found}."));
    }
}
