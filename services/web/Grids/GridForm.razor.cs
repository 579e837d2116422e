using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;

namespace TsVlm.Web.Grids;

/// <summary>
/// A grid as a form, with the help of its schema: whatever is changed here is changed in the JSON, and the other way round. Comments of the
/// JSON are lost at a change.
/// </summary>
public sealed partial class GridForm : ComponentBase
{
    private static readonly string[] Flags = ["true", "false"];
    private IReadOnlyList<GridSetting> settings = [];
    private IReadOnlyList<string> baselines = [];
    private JsonObject? grid;
    private string? problem;
    private string? shown;
    private int owner = -1;

    /// <summary>The grid as JSON.</summary>
    [Parameter, EditorRequired]
    public required string Json { get; set; }

    /// <summary>The schema of grids.</summary>
    [Parameter, EditorRequired]
    public required JsonObject Schema { get; set; }

    /// <summary>The grid was changed.</summary>
    [Parameter]
    public EventCallback<string> JsonChanged { get; set; }

    private IReadOnlyList<JsonObject> Scenarios => GridText.Scenarios(grid!);

    /// <summary>The scenario whose settings are shown; null for those of all.</summary>
    private JsonObject? Owner => Scenarios.ElementAtOrDefault(owner);

    private JsonObject? Shown => Owner ?? grid!["defaults"] as JsonObject;

    private JsonObject Axes => grid!["axes"] as JsonObject ?? [];

    private List<string> Chosen => [.. (grid!["baselines"] as JsonArray ?? []).Select(GridText.Of)];

    /// <inheritdoc />
    protected override void OnInitialized() => (settings, baselines) = (GridSetting.Of(Schema), GridSetting.Baselines(Schema));

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (Json == shown) return;
        (shown, grid, problem) = (Json, GridText.Read(Json), null);
        if (grid is null || owner >= Scenarios.Count) owner = -1;
    }

    /// <summary>What a setting is where the owner says nothing.</summary>
    private string Inherited(GridSetting setting)
    {
        var ofAll = Owner is null ? "" : GridText.Of(GridText.Find(grid!["defaults"] as JsonObject, setting.Path));
        return ofAll.Length > 0 ? $"{ofAll} (as all)" : setting.Default.Length > 0 ? $"{setting.Default} (default)" : "by default";
    }

    private Task Change(GridSetting setting, string text)
    {
        var (value, error) = text.Trim().Length == 0 ? (null, null) : setting.Parse(text);
        problem = error;
        if (error is not null) return Task.CompletedTask;
        if (Owner is null && grid!["defaults"] is not JsonObject) grid["defaults"] = new JsonObject();
        return Set(Shown!, setting.Path, value);
    }

    private Task ChangeAxis(string path, string text)
    {
        var setting = settings.First(known => known.Path == path);
        var values = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(setting.Parse).ToList();
        problem = values.Select(value => value.Error).FirstOrDefault(error => error is not null);
        if (problem is not null) return Task.CompletedTask;
        var axes = Axes;
        if (values.Count == 0) axes.Remove(path);
        else axes[path] = new JsonArray([.. values.Select(value => value.Value)]);
        if (axes.Parent is null && axes.Count > 0) grid!["axes"] = axes;
        if (axes.Count == 0) grid!.Remove("axes");
        return Tell();
    }

    /// <summary>A new axis begins with the one value that it has anyway.</summary>
    private Task AddAxis(ChangeEventArgs chosen)
    {
        if (settings.FirstOrDefault(setting => setting.Path == Text(chosen)) is not { } setting) return Task.CompletedTask;
        var first = GridText.Of(GridText.Find(grid!["defaults"] as JsonObject, setting.Path)) is { Length: > 0 } set ? set
            : setting.Default.Length > 0 ? setting.Default : setting.Kind is SettingKind.Flag ? "false" : setting.Choices is [var choice, ..] ? choice : "1";
        return ChangeAxis(setting.Path, first);
    }

    private Task ChooseBaseline(string name, bool isChosen)
    {
        var chosen = Chosen.Where(known => known != name).Concat(isChosen ? [name] : Array.Empty<string>()).ToList();
        grid!["baselines"] = new JsonArray([.. chosen.Select(known => JsonValue.Create(known))]);
        if (chosen.Count == 0) grid.Remove("baselines");
        return Tell();
    }

    private Task AddScenario()
    {
        var names = Scenarios.Select(scenario => GridText.Of(scenario["name"])).ToHashSet();
        var added = Owner?.DeepClone().AsObject() ?? [];
        added["name"] = Enumerable.Range(1, names.Count + 1).Select(number => $"scenario-{number}").First(name => !names.Contains(name));
        if (grid!["scenarios"] is JsonArray scenarios) scenarios.Add(added);
        else grid["scenarios"] = new JsonArray(added);
        owner = Scenarios.Count - 1;
        return Tell();
    }

    private Task RemoveScenario()
    {
        grid!["scenarios"]!.AsArray().RemoveAt(owner);
        owner = -1;
        return Tell();
    }

    private Task Set(JsonObject where, string path, JsonNode? value)
    {
        GridText.Set(where, path, value);
        return Tell();
    }

    private Task Tell()
    {
        if (grid!["defaults"] is JsonObject { Count: 0 }) grid.Remove("defaults");
        shown = GridText.Format(grid);
        return JsonChanged.InvokeAsync(shown);
    }

    private static string Text(ChangeEventArgs changed) => (string?)changed.Value ?? "";
}
