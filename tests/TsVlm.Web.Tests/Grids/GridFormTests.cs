using System.Text.Json.Nodes;
using Bunit;
using TsVlm.Experiments.Grid;
using TsVlm.Web.Grids;

namespace TsVlm.Web.Tests.Grids;

public sealed class GridFormTests : BunitContext
{
    private const string Json = """
        {
          "name": "mine", // people write comments
          "baselines": ["1nn-ed"],
          "defaults": { "recipe": { "epochs": 3 } },
          "scenarios": [ { "name": "a" }, { "name": "b", "representation": { "arm": "image" } } ]
        }
        """;

    private static readonly JsonObject Schema = JsonNode.Parse(GridSchema.Text)!.AsObject();
    private string json = Json;

    [Fact]
    public void Every_setting_is_shown_with_its_help_and_what_it_is_where_nothing_is_said()
    {
        var form = Open();
        Assert.Equal(GridSetting.Of(Schema).Count, form.FindAll(".settings dt").Count);
        Assert.Contains("Passes over the training split", form.Find("#set-recipe-epochs").ParentElement!.TextContent);
        Assert.Equal("3", form.Find("#set-recipe-epochs").GetAttribute("value"));
        Assert.Equal("0.0002 (default)", form.Find("#set-recipe-learningRate").GetAttribute("placeholder"));
        form.Find("#grid-owner").Change("1");
        Assert.Equal("3 (as all)", form.Find("#set-recipe-epochs").GetAttribute("placeholder"));
        Assert.Equal("image", form.Find("#set-representation-arm").GetAttribute("value"));
    }

    [Fact]
    public void A_change_in_the_form_is_a_change_of_the_grid_which_stays_valid()
    {
        var form = Open();
        form.Find("#set-recipe-epochs").Change("");
        Assert.Null(Grid["defaults"]);
        form.Find("#grid-owner").Change("1");
        form.Find("#set-representation-arm").Change("text");
        form.Find("#set-representation-numbers-digits").Change("3");
        form.Find("#scenario-name").Change("c");
        Assert.Equal("""{"arm":"text","numbers":{"digits":3}}""", Grid["scenarios"]![1]!["representation"]!.ToJsonString());
        form.Find("#add-scenario").Click();
        form.FindAll(".baselines input").Single(box => box.ParentElement!.TextContent.Trim() == "minirocket").Change(true);
        form.Find("#add-axis").Change("recipe.learningRate");
        form.Find("[id='axis-recipe.learningRate']").Change("1e-4, 2e-4");
        var grid = ScenarioGrid.Parse(json, "grid");
        Assert.Equal(["1nn-ed", "minirocket"], grid.Baselines);
        Assert.Equal(["a", "c", "scenario-1"], grid.Scenarios.Select(scenario => (string)scenario["name"]!));
        Assert.Equal(["0.0001", "0.0002"], grid.Axes["recipe.learningRate"].Select(value => value.ToJsonString()));
        Assert.Equal(4, GridExpansion.Of(grid).Scenarios.Count);   // c and its copy do the same
    }

    [Theory]
    [InlineData("#set-recipe-epochs", "many", "recipe.epochs: expected a number, found 'many'.")]
    [InlineData("#set-representation-contextLength", "1.5", "representation.contextLength: expected a whole number, found '1.5'.")]
    public void A_value_of_another_kind_is_refused_by_its_path_and_changes_nothing(string field, string text, string expected)
    {
        var form = Open();
        form.Find(field).Change(text);
        Assert.Equal(expected, form.Find("[role=alert]").TextContent);
        Assert.Equal(Json, json);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{ "scenarios": [1] }""")]
    [InlineData("""{ "axes": { "recipe.epochs": 1 } }""")]
    [InlineData("""{ "name": "a", "name": "b" }""")]
    public void A_text_that_is_no_grid_has_no_form(string text)
    {
        json = text;
        Assert.Contains("Correct the JSON", Open().Markup);
    }

    private JsonObject Grid => JsonNode.Parse(json)!.AsObject();

    private IRenderedComponent<GridForm> Open()
    {
        IRenderedComponent<GridForm>? form = null;
        form = Render<GridForm>(parameters => parameters.Add(f => f.Json, json).Add(f => f.Schema, Schema).Add(f => f.JsonChanged, changed =>
        {
            json = changed;
            form!.Render(again => again.Add(f => f.Json, changed));
        }));
        return form;
    }
}
