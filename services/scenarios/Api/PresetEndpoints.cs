using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Experiments.Grid;

namespace TsVlm.Scenarios.Api;

/// <summary>The grids that are part of the program.</summary>
internal static class PresetEndpoints
{
    public static void MapPresets(this WebApplication app)
    {
        var presets = app.MapGroup("/").WithTags("Experiments");
        presets.MapGet("/presets", List).WithMetadata(PageBounds.Usual).WithSummary("List presets")
            .WithDescription("Grids that are part of the program; each is named as the grid of an experiment, or changed and submitted itself.")
            .Produces<Page<PresetResponse>>().ProducesProblem(400);
        presets.MapGet("/grid.schema.json", () => Results.Text(GridSchema.Text, "application/schema+json")).WithSummary("Get the schema of grids")
            .WithDescription("JSON schema of a grid, with what each setting does and its default.")
            .Produces<string>(200, "application/schema+json");
    }

    private static Page<PresetResponse> List(int? offset, int? limit)
    {
        var (page, names) = (PageBounds.Usual.Of(offset, limit), ScenarioPresets.Names);
        return new(names.Count, page.Offset, [.. names.Skip(page.Offset).Take(page.Limit).Select(Describe)]);
    }

    private static PresetResponse Describe(string name)
    {
        var grid = ScenarioPresets.Open(name);
        return new(name, grid.Description, JsonSerializer.SerializeToNode(grid, ContractJson.Compact)!.AsObject());
    }
}
