using System.Text.Json;
using System.Text.Json.Nodes;
using TsVlm.Contracts;

namespace TsVlm.Experiments.Grid;

/// <summary>A grid's scenarios.</summary>
/// <param name="Scenarios">In the order of the file, axes varying fastest from the right; each would do something different.</param>
/// <param name="NumMerged">Combinations left out because another one would do the same.</param>
public sealed record GridExpansion(IReadOnlyList<Scenario> Scenarios, int NumMerged)
{
    /// <summary>Expands a grid: defaults, then the scenario's own settings, then one value of each axis.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="progress">Told the number of combinations done.</param>
    /// <exception cref="GridException">An unknown setting, a value out of bounds, or two different scenarios of one name.</exception>
    public static GridExpansion Of(ScenarioGrid grid, Action<int>? progress = null)
    {
        var bases = grid.Scenarios.Count > 0 ? grid.Scenarios : [new JsonObject { ["name"] = grid.Axes.Count > 0 ? "" : grid.Name }];
        var emptyAxis = grid.Axes.FirstOrDefault(axis => axis.Value.Count == 0);
        if (emptyAxis.Key is not null)
            throw new GridException($"{grid.Name}: axes.{emptyAxis.Key}: expected at least one value, found none.");

        if (grid.Baselines.FirstOrDefault(name => !BaselineNames.IsKnown(name)) is { } unknown)
        {
            throw new GridException($"{grid.Name}: baselines: expected some of {string.Join(", ", BaselineNames.All)}, "
                + $"or {BaselineNames.InceptionTime}:EPOCHS for other than 1500 epochs, found '{unknown}'.");
        }

        if (grid.Baselines.CountBy(name => name).FirstOrDefault(count => count.Value > 1) is { Key: { } twice })
            throw new GridException($"{grid.Name}: baselines: expected each once, found '{twice}' twice.");

        var byHash = new Dictionary<string, Scenario>();
        var order = new List<Scenario>();
        var numCombinations = 0;
        foreach (var settings in bases)
        {
            foreach (var values in Combinations([.. grid.Axes]))
            {
                numCombinations++;
                progress?.Invoke(numCombinations);
                var scenario = Build(grid, settings, values);
                if (byHash.TryAdd(scenario.ContentHash, scenario)) order.Add(scenario);
            }
        }
        var twins = order.GroupBy(s => s.Name).FirstOrDefault(group => group.Count() > 1);
        if (twins is not null)
            throw new GridException(
                $"{grid.Name}: expected a name for each scenario, found '{twins.Key}' {twins.Count()} times with different settings.");
        return new(order, numCombinations - order.Count);
    }

    /// <summary>The scenario of that name; the first one where none is named.</summary>
    /// <exception cref="GridException">There is none of that name.</exception>
    public Scenario Choose(string? name) => name is null ? Scenarios[0] : Scenarios.FirstOrDefault(s => s.Name == name)
        ?? throw new GridException($"--scenario {name}: expected one of {string.Join(", ", Scenarios.Select(s => s.Name))}.");

    private static IEnumerable<(string Path,
        JsonNode Value)[]> Combinations(IReadOnlyList<KeyValuePair<string, IReadOnlyList<JsonNode>>> axes) =>
        axes.Aggregate<KeyValuePair<string, IReadOnlyList<JsonNode>>, IEnumerable<(string, JsonNode)[]>>(
            [[]],
            (combinations, axis) =>
            combinations.SelectMany(values => axis.Value.Select(value => values.Append((axis.Key, value)).ToArray())));

    private static Scenario Build(ScenarioGrid grid, JsonObject settings, (string Path, JsonNode Value)[] axisValues)
    {
        var merged = (JsonObject)grid.Defaults.DeepClone();
        Merge(settings, merged);
        foreach (var (path, value) in axisValues) Set(grid, merged, path, value);
        var baseName = (string?)settings["name"] ?? throw new GridException($"{grid.Name}: every entry of scenarios needs a name.");
        merged["name"] = string.Join("_", axisValues.Select(axis => Short(axis.Value)).Prepend(baseName).Where(part => part.Length > 0));
        return Checked(grid, Deserialise(grid, merged));
    }

    private static Scenario Deserialise(ScenarioGrid grid, JsonObject merged)
    {
        try
        {
            return merged.Deserialize<Scenario>(ContractJson.Compact)!.Canonical();
        }
        catch (JsonException error)
        {
            throw new GridException(
                $"{grid.Name}: scenario {merged["name"]}: expected settings as docs/grid.schema.json describes them, found something else at {error.Path}.");
        }
    }

    private static Scenario Checked(ScenarioGrid grid, Scenario scenario) => ScenarioBounds.Problems(scenario) is { Count: > 0 } problems
        ? throw new GridException($"{grid.Name}: scenario {scenario.Name}: {string.Join(" ", problems)}")
        : scenario;

    private static void Merge(JsonObject from, JsonObject into)
    {
        foreach (var (key, value) in from)
        {
            if (value is JsonObject child && into[key] is JsonObject existing) Merge(child, existing);
            else into[key] = value?.DeepClone();
        }
    }

    private static void Set(ScenarioGrid grid, JsonObject scenario, string path, JsonNode value)
    {
        var parts = path.Split('.');
        var parent = scenario;
        foreach (var part in parts[..^1])
        {
            parent = (parent[part] ??= new JsonObject()) as JsonObject
                ?? throw new GridException($"{grid.Name}: axes.{path}: expected {part} to hold settings, found a value.");
        }
        parent[parts[^1]] = value.DeepClone();
    }

    private static string Short(JsonNode value) => value.GetValueKind() is JsonValueKind.String ? (string)value! : value.ToJsonString();
}
