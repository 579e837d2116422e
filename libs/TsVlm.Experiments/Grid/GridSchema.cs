using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using TsVlm.Contracts;

namespace TsVlm.Experiments.Grid;

/// <summary>The JSON Schema of grid files, made from the contract's own types so that the two cannot drift apart.</summary>
public static class GridSchema
{
    internal const string Axes = "axes";
    private const int MaxNameLength = 250;   // a run's folder has it in its name, and no file system takes longer ones
    private const int MaxDescriptionLength = 2000;
    private const int MaxBaselines = 100;
    private const int MaxScenarios = 10_000;
    private const int MaxAxisValues = 1000;

    /// <summary>The schema (draft 2020-12), as in docs/grid.schema.json.</summary>
    public static string Text => Root.ToJsonString(ContractJson.Indented) + "\n";

    // What each setting does, by the contract's type and the setting; a test compares the file with the contract's source.
    private static readonly Dictionary<string, string> Descriptions = ReadDescriptions();

    internal static JsonObject Root { get; } = Build();

    /// <summary>What an axis may hold: a list of values of the setting at that path; null where there is no such setting.</summary>
    internal static JsonObject? Axis(string path)
    {
        JsonNode? setting = Root["properties"]!["defaults"];
        foreach (var part in path.Split('.')) setting = setting?["properties"]?[part];
        return setting is null ? null : AxisOf(setting);
    }

    private static JsonObject Build()
    {
        var scenario = Optional(ContractJson.Compact.GetJsonSchemaAsNode(typeof(Scenario), new() { TransformSchemaNode = Described })
            .AsObject());
        scenario["type"] = "object";
        scenario["properties"]!["name"]!["maxLength"] = MaxNameLength;
        var settings = (JsonObject)scenario.DeepClone();
        settings["properties"]!.AsObject().Remove("name");
        var named = (JsonObject)scenario.DeepClone();
        named["required"] = new JsonArray("name");
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "TsVlm scenario grid",
            ["type"] = "object",
            ["required"] = new JsonArray("name"),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["$schema"] = new JsonObject { ["type"] = "string" },
                ["name"] = Described("string", "Name of the grid.", MaxNameLength),
                ["description"] = Described("string", "What the grid is for.", MaxDescriptionLength),
                ["baselines"] = new JsonObject
                {
                    ["description"] = "Baselines to run on the same splits.",
                    ["type"] = "array",
                    ["maxItems"] = MaxBaselines,
                    ["items"] = new JsonObject
                    {
                        ["anyOf"] = new JsonArray(
                            new JsonObject { ["enum"] = new JsonArray([.. BaselineNames.All.Select(name => (JsonNode)name)]) },
                            new JsonObject { ["type"] = "string", ["pattern"] = BaselineNames.InceptionTimeOfEpochs }),
                    },
                },
                ["defaults"] = settings,
                ["scenarios"] = new JsonObject { ["type"] = "array", ["maxItems"] = MaxScenarios, ["items"] = named },
                [Axes] = AxesOf(settings),
            },
        };
    }

    /// <summary>One array for each setting, named by its path.</summary>
    private static JsonObject AxesOf(JsonObject settings)
    {
        var properties = new JsonObject();
        Collect(settings, "", properties);
        return new JsonObject
        {
            ["description"] = "Values of each setting, combined with each other and with every scenario.",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
    }

    private static void Collect(JsonObject schema, string prefix, JsonObject into)
    {
        foreach (var (name, value) in schema["properties"]!.AsObject())
        {
            var child = value!.AsObject();
            if (child.ContainsKey("properties")) Collect(child, $"{prefix}{name}.", into);
            else into[prefix + name] = AxisOf(child);
        }
    }

    /// <summary>Nothing is required: what a grid does not state keeps its default. Unknown settings are refused.</summary>
    private static JsonObject Optional(JsonObject schema)
    {
        schema.Remove("required");
        schema["additionalProperties"] = false;
        foreach (var (_, child) in schema["properties"]!.AsObject())
        {
            if (child is JsonObject nested && nested.ContainsKey("properties")) Optional(nested);
        }
        return schema;
    }

    private static Dictionary<string, string> ReadDescriptions()
    {
        using var stream = typeof(GridSchema).Assembly.GetManifestResourceStream("descriptions.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }

    /// <summary>The schema of a setting with what it does and its default.</summary>
    private static JsonNode Described(JsonSchemaExporterContext context, JsonNode schema)
    {
        var finite = Finite(context, schema);
        if (context.PropertyInfo is not { } setting || finite is not JsonObject described) return finite;
        if (Descriptions.TryGetValue($"{setting.DeclaringType.Name}.{setting.Name}", out var text)) described.Insert(0, "description", text);
        if (!described.ContainsKey("properties") && setting.DeclaringType != typeof(Scenario)
            && setting.Get?.Invoke(Activator.CreateInstance(setting.DeclaringType)!) is { } value)
            described["default"] = JsonSerializer.SerializeToNode(value, setting.PropertyType, ContractJson.Compact);
        return described;
    }

    /// <summary>Numbers are finite: what the contracts write as "NaN" is no setting.</summary>
    private static JsonNode Finite(JsonSchemaExporterContext context, JsonNode schema) =>
        context.TypeInfo.Type == typeof(double) ? new JsonObject { ["type"] = "number" }
        : context.TypeInfo.Type == typeof(double?) ? new JsonObject { ["type"] = new JsonArray("number", "null") }
        : schema;

    private static JsonObject Described(string type, string description, int maxLength) =>
        new() { ["type"] = type, ["description"] = description, ["maxLength"] = maxLength };

    private static JsonObject AxisOf(JsonNode values) =>
        new() { ["type"] = "array", ["minItems"] = 1, ["maxItems"] = MaxAxisValues, ["items"] = values.DeepClone() };
}
