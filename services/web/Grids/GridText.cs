using System.Text.Json;
using System.Text.Json.Nodes;
using TsVlm.Contracts;

namespace TsVlm.Web.Grids;

/// <summary>A grid as a text that people edit, and its settings by their path.</summary>
internal static class GridText
{
    private static readonly JsonSerializerOptions Indented = new(ContractJson.Compact) { WriteIndented = true };
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The grid of a text; null where it is no JSON, or a form cannot show it.</summary>
    public static JsonObject? Read(string json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: Lenient) is JsonObject grid && HasForm(grid) ? grid : null;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A grid as people edit it.</summary>
    public static string Format(JsonNode grid) => grid.ToJsonString(Indented);

    /// <summary>The scenarios of a grid.</summary>
    public static IReadOnlyList<JsonObject> Scenarios(JsonObject grid) => [.. (grid["scenarios"] as JsonArray ?? []).OfType<JsonObject>()];

    /// <summary>The text of a value; empty for none.</summary>
    public static string Of(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.TryGetValue<string>(out var plain) => plain,
        _ => value.ToJsonString(),
    };

    /// <summary>The value at a path; null for none.</summary>
    public static JsonNode? Find(JsonObject? owner, string path)
    {
        JsonNode? found = owner;
        foreach (var name in path.Split('.')) found = (found as JsonObject)?[name];
        return found;
    }

    /// <summary>Sets the value at a path; null removes it, and with it what would be left empty.</summary>
    public static void Set(JsonObject owner, string path, JsonNode? value)
    {
        var (name, rest) = path.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? (path[..dot], path[(dot + 1)..]) : (path, null);
        if (rest is null)
        {
            if (value is null) owner.Remove(name);
            else owner[name] = value;
            return;
        }
        if (owner[name] is not JsonObject part)
        {
            if (value is null) return;
            owner[name] = part = [];
        }
        Set(part, rest, value);
        if (part.Count == 0) owner.Remove(name);
    }

    /// <summary>Whether the parts that a form edits are what a grid has there; looking at each finds names that are there twice.</summary>
    private static bool HasForm(JsonObject grid) => grid["scenarios"] is null or JsonArray && grid["baselines"] is null or JsonArray
        && grid["defaults"] is null or JsonObject && grid["axes"] is null or JsonObject
        && ((grid["axes"] as JsonObject)?.All(axis => axis.Value is JsonArray) ?? true)
        && ((grid["scenarios"] as JsonArray)?.All(scenario => scenario is JsonObject known && known["name"] is null or JsonValue) ?? true);
}
