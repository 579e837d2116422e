using System.Text.Json;

namespace TsVlm.Contracts.Tests;

public class ContractJsonTests
{
    [Fact]
    public void A_scenario_comes_back_from_json_as_it_was()
    {
        var scenario = new Scenario
        {
            Name = "s",
            Representation = new() { Arm = Arm.ShuffledImage, Text = TextKind.WithStats,
                Numbers = new() { Rounding = Rounding.SignificantDigits } },
            Recipe = new() { Trained = TrainedPart.Full, Epochs = 0.25 },
        };
        Assert.Equal(scenario,
            JsonSerializer.Deserialize<Scenario>(JsonSerializer.Serialize(scenario, ContractJson.Indented), ContractJson.Compact));
    }

    [Fact]
    public void Settings_are_written_in_the_words_of_the_paper_and_the_command_line()
    {
        var json = JsonSerializer.Serialize(new Representation { Arm = Arm.BlankImage, Text = TextKind.WithStats }, ContractJson.Compact);
        Assert.Contains("\"arm\":\"blank-image\"", json);
        Assert.Contains("\"text\":\"WITH_STATS\"", json);
    }

    [Theory]
    [InlineData(Precision.Float32, "float32")]
    [InlineData(Precision.BFloat16, "bfloat16")]
    public void A_precision_has_the_name_that_checkpoints_give_it(Precision precision, string name)
    {
        var json = JsonSerializer.Serialize(new Recipe { Precision = precision }, ContractJson.Compact);
        Assert.Contains($"\"precision\":\"{name}\"", json);
        Assert.Equal(precision, JsonSerializer.Deserialize<Recipe>(json, ContractJson.Compact)!.Precision);
    }

    [Fact]
    public void Without_a_precision_a_recipe_is_float32() =>
        Assert.Equal(Precision.Float32, JsonSerializer.Deserialize<Recipe>("{}", ContractJson.Compact)!.Precision);

    [Fact]
    public void An_unknown_setting_is_refused() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Recipe>("""{"epochz":1}""", ContractJson.Compact));

    [Fact]
    public void A_number_is_no_name_of_an_arm() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Representation>("""{"arm":1}""", ContractJson.Compact));
}
