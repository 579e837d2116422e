namespace TsVlm.Contracts.Tests;

public class ScenarioBoundsTests
{
    [Fact]
    public void The_defaults_are_within_bounds() => Assert.Empty(ScenarioBounds.Problems(new Scenario { Name = "a" }));

    [Fact]
    public void Zero_epochs_evaluate_a_model_as_it_is() => Assert.Empty(ScenarioBounds.Problems(new Recipe { Epochs = 0 }));

    [Fact]
    public void Each_setting_out_of_bounds_is_named_with_what_was_found()
    {
        var scenario = new Scenario
        {
            Name = "a",
            Representation = new() { ContextLength = 3, Numbers = new() { Digits = 9 } },
            Recipe = new() { Epochs = double.NaN, MicroBatchSize = 0, LearningRate = -1, Lora = new() { Dropout = 1 } },
        };
        var problems = ScenarioBounds.Problems(scenario);
        Assert.Equal(6, problems.Count);
        Assert.Contains("representation.contextLength: expected 16 to 1048576, found 3.", problems);
        Assert.Contains("recipe.epochs: expected 0 to 10000, found NaN.", problems);
    }

    [Fact]
    public void A_scenario_with_rationales_cannot_refit_and_one_that_begins_with_them_has_no_blank_prompt()
    {
        var scenario = new Scenario
        {
            Name = "a",
            Representation = new() { Rationale = new() { Order = RationaleOrder.RationaleFirst } },
            Recipe = new() { Refit = true, AnswerScore = AnswerScore.RelativeToBlank },
        };
        Assert.Equal(
            ["recipe.refit: expected false where there is a rationale, as none is written for validation cases, found true.",
            "recipe.answerScore: expected likelihood or per-token where the rationale comes first, as there is none of a blank prompt, "
            + "found relative-to-blank."], ScenarioBounds.Problems(scenario));
        Assert.Empty(ScenarioBounds.Problems(scenario with { Recipe = new() { AnswerScore = AnswerScore.PerToken } }));
    }

    [Fact]
    public void A_probe_on_the_vision_tower_needs_an_image_and_is_tuned_with_the_whole_model()
    {
        var probe = new Recipe { ReadOut = ReadOut.TowerProbe, Epochs = 0 };
        Assert.Empty(ScenarioBounds.Problems(new Scenario { Name = "a", Recipe = probe }));
        Assert.Equal("recipe.readOut: expected a read-out of the language model where the arm is text, found tower-probe.",
            Assert.Single(ScenarioBounds.Problems(new Scenario { Name = "a", Recipe = probe, Representation = new() { Arm = Arm.Text } })));
        Assert.Empty(ScenarioBounds.Problems(probe with { Epochs = 1, Trained = TrainedPart.Full }));
        Assert.StartsWith("recipe.trained: expected full where a tower-probe is fine-tuned",
            Assert.Single(ScenarioBounds.Problems(probe with { Epochs = 1 })));
        Assert.StartsWith("recipe.labelSmoothing: expected 0 to less than 1",
            Assert.Single(ScenarioBounds.Problems(new Recipe { LabelSmoothing = 1 })));
    }

    [Fact]
    public void The_output_layer_is_fitted_only_where_answers_are_read_and_the_layer_learns()
    {
        var fitted = new Recipe { FitOutputLayer = true, Trained = TrainedPart.Full };
        Assert.Empty(ScenarioBounds.Problems(fitted));
        Assert.Empty(ScenarioBounds.Problems(fitted with { Trained = TrainedPart.ProjectorAndLanguageModel }));
        Assert.StartsWith("recipe.trained: expected full or projector-and-language-model with recipe.fitOutputLayer",
            Assert.Single(ScenarioBounds.Problems(fitted with { Trained = TrainedPart.Lora })));
        foreach (var recipe in (Recipe[])[fitted with { ReadOut = ReadOut.AnswerProbe }, fitted with { Epochs = 0 }])
        {
            Assert.Equal("recipe.fitOutputLayer: expected false where a probe is read or nothing is trained (answer-probe does the like), "
                + "found true.", Assert.Single(ScenarioBounds.Problems(recipe)));
        }
        Assert.Equal("recipe.fitOutputLayer: expected false where there is a rationale, found true.", Assert.Single(ScenarioBounds.Problems(
            new Scenario { Name = "a", Recipe = fitted, Representation = new() { Rationale = new() } })));
    }
}
