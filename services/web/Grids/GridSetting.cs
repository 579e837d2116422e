using System.Globalization;
using System.Text.Json.Nodes;

namespace TsVlm.Web.Grids;

/// <summary>What kind of value a setting has.</summary>
internal enum SettingKind
{
    /// <summary>One of some names.</summary>
    Choice,
    /// <summary>True or false.</summary>
    Flag,
    /// <summary>A whole number.</summary>
    Whole,
    /// <summary>A number.</summary>
    Number,
    /// <summary>A text.</summary>
    Text,
}

/// <summary>A setting of a scenario, as the schema of grids describes it.</summary>
/// <param name="Path">Its path, such as <c>recipe.epochs</c>.</param>
/// <param name="Kind">What kind of value it has.</param>
/// <param name="Choices">Its values, where these are names.</param>
/// <param name="Default">What it is where a grid says nothing; empty where that depends on others.</param>
/// <param name="Help">What it does.</param>
internal sealed record GridSetting(string Path, SettingKind Kind, IReadOnlyList<string> Choices, string Default, string Help)
{
    /// <summary>Its name without what it is a part of.</summary>
    public string Name => Path[(Path.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>The part of a scenario that it belongs to: <c>representation</c> or <c>recipe</c>.</summary>
    public string Part => Path[..Path.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>Every setting of a scenario, in the order of the schema.</summary>
    public static IReadOnlyList<GridSetting> Of(JsonObject schema) =>
        [.. Below(schema["properties"]!["defaults"]!.AsObject(), "")];

    /// <summary>Names of the baselines that the schema lists.</summary>
    public static IReadOnlyList<string> Baselines(JsonObject schema) =>
        [.. schema["properties"]!["baselines"]!["items"]!["anyOf"]![0]!["enum"]!.AsArray().Select(name => (string)name!)];

    /// <summary>The value that a text stands for, or what is wrong with the text.</summary>
    public (JsonNode? Value, string? Error) Parse(string text)
    {
        text = text.Trim();
        return Kind switch
        {
            SettingKind.Choice => Choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } choice
                ? (JsonValue.Create(choice), null) : Wrong(string.Join(", ", Choices), text),
            SettingKind.Flag => bool.TryParse(text, out var flag) ? (JsonValue.Create(flag), null) : Wrong("true or false", text),
            SettingKind.Whole => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? (JsonValue.Create(whole), null) : Wrong("a whole number", text),
            SettingKind.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? (JsonValue.Create(number), null) : Wrong("a number", text),
            _ => (JsonValue.Create(text), null),
        };
    }

    private (JsonNode? Value, string Error) Wrong(string expected, string found) => (null, $"{Path}: expected {expected}, found '{found}'.");

    private static IEnumerable<GridSetting> Below(JsonObject schema, string path)
    {
        foreach (var (name, child) in schema["properties"]!.AsObject())
        {
            var (described, at) = (child!.AsObject(), path.Length == 0 ? name : $"{path}.{name}");
            if (described.ContainsKey("properties"))
            {
                foreach (var setting in Below(described, at)) yield return setting;
            }
            else if (path.Length > 0) yield return Of(described, at);
        }
    }

    private static GridSetting Of(JsonObject described, string path)
    {
        var choices = described["enum"]?.AsArray().Select(value => (string?)value).OfType<string>().ToList() ?? [];
        var types = described["type"] switch
        {
            JsonArray several => several.Select(type => (string?)type).ToList(),
            { } one => [(string?)one],
            null => [],
        };
        var kind = choices.Count > 0 ? SettingKind.Choice : types.Contains("boolean") ? SettingKind.Flag
            : types.Contains("integer") ? SettingKind.Whole : types.Contains("number") ? SettingKind.Number : SettingKind.Text;
        return new(path, kind, choices, GridText.Of(described["default"]), (string?)described["description"] ?? "");
    }
}
