namespace TsVlm.Contracts.Tests;

public class ScenarioBoundsTests
{
    [Fact]
    public void The_defaults_are_within_bounds() => Assert.Empty(ScenarioBounds.Problems(new Scenario { Name = "a" }));

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
        Assert.Contains("recipe.epochs: expected more than 0, at most 10000, found NaN.", problems);
    }
}
