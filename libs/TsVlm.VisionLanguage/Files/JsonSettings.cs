using System.Text.Json;

namespace TsVlm.VisionLanguage.Files;

/// <summary>
/// An object of a JSON settings file, read key by key; every error names the file, the key, what was expected and what was found.
/// </summary>
internal sealed class JsonSettings
{
    private readonly JsonElement element;
    private readonly string source;
    private readonly string path;

    private JsonSettings(JsonElement element, string source, string path) =>
        (this.element, this.source, this.path) = (element, source, path);

    public static JsonSettings Parse(string json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement.Clone();
            if (root.ValueKind != JsonValueKind.Object)
                throw new CheckpointException($"{source}: expected a JSON object, found {Describe(root)}.");
            return new JsonSettings(root, source, "");
        }
        catch (JsonException error)
        {
            throw new CheckpointException($"{source}: expected JSON, found {error.Message}", error);
        }
    }

    /// <summary>Whether the key is there and not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    public JsonSettings? Object(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new JsonSettings(value, source, Full(key))
        : throw Error(key, "an object", Describe(value));

    public string Text(string key, string missing) => Find(key) is not { } value ? missing
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw Error(key, "a text", Describe(value));

    public bool Flag(string key, bool missing) => Find(key) is not { } value ? missing
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Error(key, "true or false", Describe(value));

    public double Number(string key, double missing) => Find(key) is not { } value ? missing
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number
        : throw Error(key, "a number", Describe(value));

    public double Positive(string key, double missing) => Number(key, missing) is > 0 and var number ? number
        : throw Error(key, "a number above 0", Describe(Find(key)!.Value));

    public int Whole(string key, int missing) => Find(key) is not { } value ? missing
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : throw Error(key, "a whole number", Describe(value));

    public int Count(string key, int missing) => Whole(key, missing) is > 0 and var number ? number
        : throw Error(key, "a whole number above 0", Describe(Find(key)!.Value));

    /// <summary>A text, or a list of texts.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        if (Find(key) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        throw Error(key, "a list of texts", Describe(value));
    }

    /// <summary>Every text under its key.</summary>
    public IEnumerable<KeyValuePair<string, string>> TextByKey() =>
        element.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, Text(property.Name, "")));

    /// <summary>Whether the object has no keys.</summary>
    public bool IsEmpty => !element.EnumerateObject().Any();

    /// <summary>Whether the key holds a text.</summary>
    public bool IsText(string key) => Find(key) is { ValueKind: JsonValueKind.String };

    public T OneOf<T>(string key, string missing, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        var name = Text(key, missing);
        foreach (var choice in choices)
            if (choice.Name == name) return choice.Value;
        var names = new List<string>();
        foreach (var choice in choices) names.Add(choice.Name);
        throw Error(key, string.Join(" or ", names), $"'{name}'");
    }

    public CheckpointException Error(string key, string expected, string found) =>
        new($"{source}: {Full(key)}: expected {expected}, found {found}.");

    private JsonElement? Find(string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string Full(string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Describe(JsonElement value) =>
        value.GetRawText() is { Length: > 60 } text ? text[..60] + "..." : value.GetRawText();
}
