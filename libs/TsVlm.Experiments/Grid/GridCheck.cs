using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TsVlm.Experiments.Grid;

/// <summary>
/// Compares the text of a grid with its schema: every key is known and there once, every value has its type and is one of those
/// allowed. Errors name the line and the path, such as <c>scenarios[0].recipe.epochs</c>.
/// </summary>
internal sealed class GridCheck
{
    private const int MaxShown = 60;
    private readonly byte[] text;
    private readonly string source;

    private GridCheck(string json, string source) => (text, this.source) = (Encoding.UTF8.GetBytes(json), source);

    /// <exception cref="GridException">The first thing that is not as the schema has it.</exception>
    public static void Run(string json, string source)
    {
        var check = new GridCheck(json, source);
        try
        {
            var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            var reader = new Utf8JsonReader(check.text, options);
            reader.Read();
            check.Value(ref reader, GridSchema.Root, "");
            reader.Read();   // what follows the grid is refused too
        }
        catch (JsonException error)
        {
            throw new GridException($"{source}({error.LineNumber + 1}): expected JSON, found something else: {Reason(error)}");
        }
    }

    private void Value(ref Utf8JsonReader reader, JsonObject schema, string path)
    {
        if (reader.TokenType is JsonTokenType.Null && Types(schema).Contains("null")) return;
        if (schema["enum"] is JsonArray allowed)
        {
            if (reader.TokenType is not JsonTokenType.String || !allowed.Any(IsSame(reader.GetString()!)))
                throw Error(ref reader, path, $"one of {Listed(allowed.Select(value => (string?)value ?? "null"))}");
        }
        else if (schema["properties"] is JsonObject settings) Object(ref reader, schema, settings, path);
        else if (schema["items"] is JsonObject items) Array(ref reader, schema, items, path);
        else if (ExpectedScalar(ref reader, schema) is { } expected) throw Error(ref reader, path, expected);

        static Func<JsonNode?, bool> IsSame(string found) =>
            value => string.Equals((string?)value, found, StringComparison.OrdinalIgnoreCase);
    }

    private void Object(ref Utf8JsonReader reader, JsonObject schema, JsonObject settings, string path)
    {
        if (reader.TokenType is not JsonTokenType.StartObject)
            throw Error(ref reader, path, $"settings in braces: {Listed(settings.Select(s => s.Key))}");
        var start = reader.TokenStartIndex;
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);   // two names that differ by case alone are one setting
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var place = path.Length == 0 ? name : $"{path}.{name}";
            if (!names.Add(name)) throw Error(reader.TokenStartIndex, place, "each setting once", $"'{name}' a second time");
            var child = path == GridSchema.Axes ? GridSchema.Axis(name) : settings[name] as JsonObject;
            if (child is null)
                throw Error(reader.TokenStartIndex, place, $"one of {Listed(settings.Select(s => s.Key))}", $"'{name}'");
            reader.Read();
            Value(ref reader, child, place);
        }
        var missing = schema["required"]?.AsArray().Select(name => (string)name!).FirstOrDefault(name => !names.Contains(name));
        if (missing is not null) throw Error(start, path, $"a {missing}", $"none; it needs a {missing}");
    }

    private void Array(ref Utf8JsonReader reader, JsonObject schema, JsonObject items, string path)
    {
        if (reader.TokenType is not JsonTokenType.StartArray) throw Error(ref reader, path, "a list in brackets");
        var start = reader.TokenStartIndex;
        var count = 0;
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray) Value(ref reader, items, $"{path}[{count++}]");
        if (count < ((int?)schema["minItems"] ?? 0)) throw Error(start, path, "at least one value", "none");
    }

    /// <summary>What a single value should be; null where it is that. Some kinds of text are checked where they are used.</summary>
    private static string? ExpectedScalar(ref Utf8JsonReader reader, JsonObject schema)
    {
        var types = Types(schema);
        var isNumber = reader.TokenType is JsonTokenType.Number;
        if (types.Contains("boolean")) return reader.TokenType is JsonTokenType.True or JsonTokenType.False ? null : "true or false";
        if (types.Contains("integer")) return isNumber && reader.TryGetInt32(out _) ? null : "a whole number";
        if (types.Contains("number"))
            return isNumber && reader.TryGetDouble(out var number) && double.IsFinite(number) ? null : "a number";
        return reader.TokenType is JsonTokenType.String ? null : "text in double quotes";
    }

    private static IReadOnlyList<string> Types(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(type => (string)type!)],
        JsonValue one => [(string)one!],
        _ => [],
    };

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Where(name => name != "$schema"));

    private GridException Error(ref Utf8JsonReader reader, string path, string expected)
    {
        var found = reader.TokenType switch
        {
            JsonTokenType.StartObject => "settings in braces",
            JsonTokenType.StartArray => "a list",
            _ => Encoding.UTF8.GetString(text.AsSpan((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex))),
        };
        return Error(reader.TokenStartIndex, path, expected, found.Length > MaxShown ? found[..MaxShown] + "…" : found);
    }

    private GridException Error(long at, string path, string expected, string found)
    {
        var line = 1 + text.AsSpan(0, (int)at).Count((byte)'\n');
        return new($"{source}({line}): {(path.Length == 0 ? "grid" : path)}: expected {expected}, found {found}.");
    }

    /// <summary>What the parser says, without its own way to name a place.</summary>
    private static string Reason(JsonException error)
    {
        var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? error.Message : error.Message[..end];
    }
}
