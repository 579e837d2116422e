using System.Text;
using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Experiments.Grid;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Scenarios;

public class SchemaCheckTests
{
    public static TheoryData<string> Presets => new(ScenarioPresets.Names);

    /// <summary>A command line sends a grid to a server in this form.</summary>
    [Theory]
    [MemberData(nameof(Presets))]
    public void A_preset_that_is_written_as_JSON_is_the_same_grid_when_it_is_read(string preset)
    {
        var grid = ScenarioPresets.Open(preset);
        var json = JsonSerializer.Serialize(grid, ContractJson.Compact);
        var read = ScenarioGrid.Parse(json, "grid");
        Assert.Equal(json, JsonSerializer.Serialize(read, ContractJson.Compact));
        Assert.Equal(GridExpansion.Of(grid).Scenarios, GridExpansion.Of(read).Scenarios);
    }

    [Theory]
    [InlineData("""{"name":"g","scenarios":[{"name":"a","recipe":{"epochz":6}}]}""",
        "scenarios[0].recipe.epochz: expected one of epochs, microBatchSize,", "found 'epochz'")]
    [InlineData("""{"name":"g","axez":{}}""", "axez: expected one of name, description, baselines, defaults, scenarios, axes,",
        "found 'axez'")]
    [InlineData("""{"name":"g","axes":{"recipe.epochz":[1]}}""", "axes.recipe.epochz: expected one of representation.arm,",
        "found 'recipe.epochz'")]
    [InlineData("""{"name":"g","axes":{"representation.arm":["both","neither"]}}""",
        "axes.representation.arm[1]: expected one of both, image, text,", "found \"neither\"")]
    [InlineData("""{"name":"g","defaults":{"recipe":{"epochs":"NaN"}}}""", "defaults.recipe.epochs: expected a number", "found \"NaN\"")]
    [InlineData("""{"name":"g","axes":{"recipe.epochs":["Infinity"]}}""", "axes.recipe.epochs[0]: expected a number", "found \"Infinity\"")]
    [InlineData("""{"name":"g","defaults":{"recipe":{"epochs":1e999}}}""", "defaults.recipe.epochs: expected a number", "found 1e999")]
    [InlineData("""{"name":"g","defaults":{"recipe":{"microBatchSize":1.5}}}""", "defaults.recipe.microBatchSize: expected a whole number",
        "found 1.5")]
    [InlineData("""{"name":"g","defaults":{"recipe":null}}""", "defaults.recipe: expected settings in braces: ", "found null")]
    [InlineData("""{"name":"g","defaults":{"recipe":3}}""", "defaults.recipe: expected settings in braces: epochs,", "found 3")]
    [InlineData("""{"name":"g","scenarios":{"name":"a"}}""", "scenarios: expected a list in brackets", "found settings in braces")]
    [InlineData("""{"description":"none"}""", "grid: expected a name", "found none")]
    [InlineData("""{"name":"g","defaults":{"recipe":{"epochs":1,"epochs":2}}}""", "defaults.recipe.epochs: expected each setting once",
        "found 'epochs' a second time")]
    [InlineData("""{"name":"g","defaults":{"recipe":{"epochs":1,"Epochs":2}}}""", "defaults.recipe.Epochs: expected each setting once",
        "found 'Epochs' a second time")]
    [InlineData("""{"name":"g","axes":{"recipe.epochs":[1],"recipe.epochs":[2]}}""", "axes.recipe.epochs: expected each setting once",
        "a second time")]
    [InlineData("""{"name":"g","defaults":{"Recipe":{"epochs":1}}}""", "defaults.Recipe: expected one of representation, recipe",
        "found 'Recipe'")]
    public void A_wrong_grid_is_answered_with_the_path_what_was_expected_and_what_was_found(string json, string expected, string found)
    {
        var message = Assert.Throws<GridException>(() => ScenarioGrid.Parse(json, "my.json")).Message;
        Assert.StartsWith($"my.json(1): {expected}", message);
        Assert.Contains(found, message);
        Assert.DoesNotMatch(@"\.NET|System\.|BytePosition|`", message);
    }

    [Fact]
    public void A_wrong_setting_is_named_with_its_line()
    {
        var json = "{\n  // a comment\n  \"name\": \"g\",\n  \"defaults\": {\n    \"representation\": { \"arm\": \"bothh\" }\n  },\n}";
        Assert.StartsWith("my.json(5): defaults.representation.arm: ",
            Assert.Throws<GridException>(() => ScenarioGrid.Parse(json, "my.json")).Message);
    }

    [Theory]
    [InlineData("{\n\"name\": }", "my.json(2): expected JSON, found something else: ")]
    [InlineData("{ \"name\": \"g\" } x", "my.json(1): expected JSON, found something else: ")]
    [InlineData("", "my.json(1): expected JSON, found something else: ")]
    public void Damaged_json_is_answered_without_the_parsers_own_words_for_a_place(string json, string expected)
    {
        var message = Assert.Throws<GridException>(() => ScenarioGrid.Parse(json, "my.json")).Message;
        Assert.StartsWith(expected, message);
        Assert.DoesNotContain("BytePosition", message);
    }

    [Theory]
    [InlineData("{\n\"name\": \"café\"}", "body(2): name: expected text of whole Unicode characters, found bytes that are no UTF-8")]
    [InlineData("{\n\"name\": \"g\",\n\"é\": 1}", "body(3): grid: expected text of whole Unicode characters")]
    [InlineData("{\n\"name\": \"g\",\n\"axes\": {\"recipe.epochs\": [1, \"é\"]}}", "body(3): axes.recipe.epochs[1]: expected a number")]
    [InlineData("{\n\"name\": é}", "body(2): expected JSON, found something else: ")]
    [InlineData("{\n\"name\": \"g\"}\né", "body(3): expected JSON, found something else: ")]
    public void Bytes_that_are_no_UTF_8_are_refused_with_their_line_wherever_they_stand(string json, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<GridException>(
            () => SchemaCheck.Run(Encoding.Latin1.GetBytes(json), "body", GridSchema.Root, isFile: false)).Message);

    [Fact]
    public void A_grid_file_in_another_encoding_is_refused_with_its_line_even_in_a_comment()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("grid.json"), "{\n// café\n\"name\": \"g\"\n}", Encoding.Latin1);
        Assert.Equal($"{folder.File("grid.json")}(2): expected UTF-8 text, found the byte 0xE9. "
            + "Convert the file, for example with iconv -f latin1 -t utf-8.",
            Assert.Throws<DataException>(() => ScenarioGrid.Read(folder.File("grid.json"))).Message);
        File.WriteAllText(folder.File("grid.json"), "{\n// café\n\"name\": \"é\"\n}", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal("é", ScenarioGrid.Read(folder.File("grid.json")).Name);
    }

    [Fact]
    public void A_setting_that_may_be_absent_takes_null()
    {
        var grid = ScenarioGrid.Parse("""{"name":"g","defaults":{"representation":{"rationale":null},"recipe":{"rationaleWeight":null}}}""",
            "my.json");
        Assert.Null(Assert.Single(GridExpansion.Of(grid).Scenarios).Representation.Rationale);
    }
}
