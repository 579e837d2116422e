using System.Text.Json;

namespace TsVlm.Models.Tokenization;

/// <summary>One value of a JSON file that knows its file and key, so that an error can name both.</summary>
internal readonly record struct JsonSetting(string File, string Key, JsonElement Value)
{
    public static JsonSetting Read(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(file));
            return new JsonSetting(file, "", document.RootElement.Clone());
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file}: expected JSON, found an error: {error.Message}", error);
        }
    }

    public static JsonSetting? ReadIfThere(string file) => System.IO.File.Exists(file) ? Read(file) : null;

    public JsonSetting this[string key] =>
        Find(key) ?? throw new InvalidDataException($"{File}: expected the key '{Under(key)}', found none.");

    /// <summary>The value under the key; null where the key is absent or its value is null.</summary>
    public JsonSetting? Find(string key)
    {
        if (Value.ValueKind is not JsonValueKind.Object) throw Unexpected("an object");
        return Value.TryGetProperty(key, out var value) && value.ValueKind is not JsonValueKind.Null
            ? new JsonSetting(File, Under(key), value)
            : null;
    }

    public string Text => Value.ValueKind is JsonValueKind.String ? Value.GetString()! : throw Unexpected("a text");

    public int Number =>
        Value.ValueKind is JsonValueKind.Number && Value.TryGetInt32(out var number) ? number : throw Unexpected("a whole number");

    public bool Flag => Value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? Value.GetBoolean() : throw Unexpected("true or false");

    public IEnumerable<JsonSetting> Elements
    {
        get
        {
            if (Value.ValueKind is not JsonValueKind.Array) throw Unexpected("a list");
            var at = this;
            return Value.EnumerateArray().Select((value, i) => new JsonSetting(at.File, $"{at.Key}[{i}]", value));
        }
    }

    public IEnumerable<(string Name, JsonSetting Setting)> Members
    {
        get
        {
            if (Value.ValueKind is not JsonValueKind.Object) throw Unexpected("an object");
            var at = this;
            return Value.EnumerateObject().Select(member => (member.Name, new JsonSetting(at.File, at.Under(member.Name), member.Value)));
        }
    }

    public InvalidDataException Unexpected(string expected)
    {
        var found = Value.GetRawText();
        return new InvalidDataException($"{File}: {Key}: expected {expected}, found {(found.Length <= 80 ? found : found[..80] + "...")}.");
    }

    private string Under(string key) => Key.Length == 0 ? key : $"{Key}.{key}";
}
