namespace TsVlm.Contracts.Tests;

public class ScenarioTests
{
    [Fact]
    public void The_name_does_not_enter_the_content_hash() =>
        Assert.Equal(new Scenario { Name = "a" }.ContentHash, new Scenario { Name = "b" }.ContentHash);

    [Fact]
    public void Every_setting_that_has_an_effect_changes_the_content_hash() =>
        Assert.NotEqual(
            new Scenario { Name = "a" }.ContentHash,
            new Scenario { Name = "a", Recipe = new Recipe { Epochs = 3 } }.ContentHash);
}
