using TsVlm.Contracts;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.VisionLanguage.Tests.Training;

[Collection(TorchTests.Name)]
public sealed class TrainedParametersTests
{
    [Theory]
    [InlineData(TrainedPart.Full, "vision_tower language_model multi_modal_projector")]
    [InlineData(TrainedPart.ProjectorAndLanguageModel, "language_model multi_modal_projector")]
    [InlineData(TrainedPart.Lora, "language_model multi_modal_projector")]
    public void The_recipe_says_which_parts_learn(TrainedPart trained, string parts)
    {
        var recipe = SmallTraining.LoraRecipe with { Trained = trained };
        using var model = SmallTraining.ModelFor(recipe);
        var learning = TrainedParameters.Choose(model, recipe).Select(p => p.Name).ToHashSet();
        Assert.Equal(parts.Split(' ').Order(), learning.Select(name => name.Split('.')[0]).Distinct().Order());
        Assert.All(model.named_parameters(), p => Assert.Equal(learning.Contains(p.name), p.parameter.requires_grad));
        var ofLanguageModel = learning.Where(name => name.StartsWith("language_model", StringComparison.Ordinal));
        if (trained is TrainedPart.Lora) Assert.All(ofLanguageModel, name => Assert.Contains(".lora_", name, StringComparison.Ordinal));
    }

    [Fact]
    public void The_projector_has_a_learning_rate_of_its_own()
    {
        var recipe = SmallTraining.Recipe with { LearningRate = 0.5, ProjectorLearningRate = 0.25 };
        using var model = SmallTraining.Model();
        Assert.All(TrainedParameters.Choose(model, recipe), p =>
            Assert.Equal(p.Name.StartsWith("multi_modal_projector.", StringComparison.Ordinal) ? 0.25 : 0.5, p.LearningRate));
    }

    [Fact]
    public void A_model_without_adapters_cannot_train_adapters()
    {
        using var model = SmallTraining.Model();
        var error = Assert.Throws<FineTuningException>(() => TrainedParameters.Choose(model, SmallTraining.LoraRecipe));
        Assert.Contains("found none", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_of_nothing_is_refused()
    {
        using var model = SmallTraining.Model();
        Assert.Throws<FineTuningException>(() => TrainedParameters.Choose(model, _ => false, 1, 1));
    }
}
