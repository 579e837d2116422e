using System.Text.Json;

namespace TsVlm.Contracts.Tests;

public class RationaleSettingsTests
{
    private static readonly Scenario AnswerFirst = new() { Name = "a", Representation = new() { Rationale = new() } };
    private static readonly Scenario RationaleFirst =
        new() { Name = "a", Representation = new() { Rationale = new() { Order = RationaleOrder.RationaleFirst } } };

    [Fact]
    public void A_scenario_without_rationales_says_nothing_of_them()
    {
        var text = JsonSerializer.Serialize(new Scenario { Name = "a" }, ContractJson.Compact);
        Assert.DoesNotContain("rationale", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"rationale\":{\"order\":\"answer-first\",\"maxTokens\":64,\"source\":\"contrasts\"}",
            JsonSerializer.Serialize(AnswerFirst, ContractJson.Compact));
    }

    [Fact]
    public void Weight_and_dropout_matter_where_there_are_rationales_only()
    {
        var recipe = new Recipe { RationaleWeight = 0.3, RationaleDropout = 0.5 };
        Assert.Equal(new Scenario { Name = "a" }.ContentHash, new Scenario { Name = "a", Recipe = recipe }.ContentHash);
        Assert.NotEqual(AnswerFirst.ContentHash, (AnswerFirst with { Recipe = recipe }).ContentHash);
        Assert.Equal(AnswerFirst.ContentHash, (AnswerFirst with { Recipe = new() { RationaleWeight = 1 } }).ContentHash);
        Assert.NotEqual(AnswerFirst.ContentHash, (AnswerFirst with { Recipe = new() { RationaleWeight = 0 } }).ContentHash);
        Assert.NotEqual(AnswerFirst.ContentHash, RationaleFirst.ContentHash);
    }

    [Fact]
    public void Numbers_matter_to_a_rationale_even_where_the_prompt_shows_none()
    {
        var image = AnswerFirst with { Representation = AnswerFirst.Representation with { Arm = Arm.Image } };
        Assert.NotEqual(image.ContentHash,
            (image with { Representation = image.Representation with { Numbers = new() { Digits = 5 } } }).ContentHash);
    }

    [Fact]
    public void A_weight_of_zero_survives_a_file()
    {
        var scenario = AnswerFirst with { Recipe = new() { RationaleWeight = 0 } };
        var read = JsonSerializer.Deserialize<Scenario>(JsonSerializer.Serialize(scenario, ContractJson.Compact), ContractJson.Compact)!;
        Assert.Equal(0, read.Recipe.RationaleWeight);
        Assert.Equal(scenario.ContentHash, read.ContentHash);
    }

    [Fact]
    public void Rationales_within_bounds_are_taken()
    {
        Assert.Empty(ScenarioBounds.Problems(AnswerFirst with { Recipe = new() { RationaleWeight = 0, RationaleDropout = 0.5 } }));
        Assert.Empty(ScenarioBounds.Problems(RationaleFirst with { Recipe = new() { RationaleWeight = 0.3 } }));
        Assert.Empty(ScenarioBounds.Problems(Source(new string('0', 64))));
    }

    [Fact]
    public void Rationales_out_of_bounds_are_named()
    {
        Assert.StartsWith("representation.rationale: expected a scenario that learns to answer",
            Assert.Single(ScenarioBounds.Problems(AnswerFirst with { Recipe = new() { ReadOut = ReadOut.AnswerProbe } })));
        Assert.EndsWith("found 0 epochs.", Assert.Single(ScenarioBounds.Problems(AnswerFirst with { Recipe = new() { Epochs = 0 } })));
        Assert.StartsWith("recipe.rationaleDropout: expected 0 where the rationale comes first",
            Assert.Single(ScenarioBounds.Problems(RationaleFirst with { Recipe = new() { RationaleDropout = 0.5 } })));
        Assert.StartsWith("recipe.rationaleWeight: expected more than 0",
            Assert.Single(ScenarioBounds.Problems(RationaleFirst with { Recipe = new() { RationaleWeight = 0 } })));
        Assert.StartsWith("representation.rationale.source: expected contrasts, or the SHA-256",
            Assert.Single(ScenarioBounds.Problems(Source("rationales.csv"))));
        Assert.StartsWith("representation.rationale.maxTokens: expected 8 to 4096", Assert.Single(ScenarioBounds.Problems(
            AnswerFirst with { Representation = new() { Rationale = new() { MaxTokens = 7 } } })));
        Assert.Equal(2, ScenarioBounds.Problems(new Recipe { RationaleWeight = 1.5, RationaleDropout = 1 }).Count);
    }

    [Fact]
    public void A_file_of_rationales_is_an_artifact_that_the_samples_follow_from()
    {
        var (one, other) = (Run(Source(new string('0', 64))), Run(Source(new string('1', 64))));
        Assert.Equal(new ArtifactKey(ArtifactKind.Rationales, new string('0', 64)), ArtifactKeys.Rationales(one));
        Assert.NotEqual(ArtifactKeys.Samples(one), ArtifactKeys.Samples(other));
        Assert.Null(ArtifactKeys.Rationales(Run(AnswerFirst)));
        Assert.Null(ArtifactKeys.Rationales(Run(new Scenario { Name = "a" })));
        Assert.Equal(ArtifactKeys.Rationales(one), ArtifactKey.ParsePath(ArtifactKeys.Rationales(one)!.Path));
    }

    private static Scenario Source(string source) => AnswerFirst with { Representation = new() { Rationale = new() { Source = source } } };

    private static RunSpec Run(Scenario scenario) =>
        new() { Dataset = new("A", new string('d', 64)), Split = new("official", 0), Seed = 0,
            FineTuned = new(scenario, new("tiny", "tiny", "m")) };
}
