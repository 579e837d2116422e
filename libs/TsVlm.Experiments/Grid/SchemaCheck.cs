using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TsVlm.Experiments.Grid;

/// <summary>
/// Compares JSON text with a schema, such as that of grids: every key is known and there once, every value has its type, its bounds and is
/// one of those allowed, and text is whole Unicode without control characters. Errors name the line and the path, such as
/// <c>scenarios[0].recipe.epochs</c>. Of JSON Schema it knows type, enum, properties, required, items, minItems, maxItems and maxLength; an
/// empty schema takes any value but null.
/// </summary>
public sealed class SchemaCheck
{
    private const int MaxShown = 60;
    private const int MaxTextLength = 1000;   // where the schema has no bound
    private readonly byte[] text;
    private readonly string source;
    private readonly JsonObject root;

    private SchemaCheck(byte[] text, string source, JsonObject root) => (this.text, this.source, this.root) = (text, source, root);

    /// <summary>Checks text, in which comments and trailing commas are allowed where it is a file that people write.</summary>
    /// <param name="text">The text, UTF-8.</param>
    /// <param name="source">What errors call it.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="isFile">Whether it is a file that people write.</param>
    /// <exception cref="GridException">The first thing that is not as the schema has it.</exception>
    public static void Run(byte[] text, string source, JsonObject schema, bool isFile)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(schema);
        var check = new SchemaCheck(text, source, schema);
        try
        {
            var options = isFile
                ? new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true } : default;
            var reader = new Utf8JsonReader(check.text, options);
            reader.Read();
            check.Value(ref reader, schema, "");
            reader.Read();   // what follows is refused too
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
            if (reader.TokenType is not JsonTokenType.String || !allowed.Any(IsSame(Text(ref reader, path))))
                throw Error(ref reader, path, $"one of {Listed(allowed.Select(value => (string?)value ?? "null"))}");
        }
        else if (schema.Count == 0) Anything(ref reader, path);
        else if (reader.TokenType is JsonTokenType.String && Types(schema).Contains("string")) CheckText(ref reader, schema, path);
        else if (schema["properties"] is JsonObject settings) Object(ref reader, schema, settings, path);
        else if (schema["items"] is JsonObject items) Array(ref reader, schema, items, path);
        else if (ExpectedScalar(ref reader, schema) is { } expected) throw Error(ref reader, path, expected);
        else if (reader.TokenType is JsonTokenType.String) CheckText(ref reader, schema, path);

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
            var name = Text(ref reader, path);
            var shown = Shown(name);
            var place = path.Length == 0 ? shown : $"{path}.{shown}";
            if (!names.Add(name)) throw Error(reader.TokenStartIndex, place, "each setting once", $"'{shown}' a second time");
            var child = root == GridSchema.Root && path == GridSchema.Axes ? GridSchema.Axis(name) : settings[name] as JsonObject;
            if (child is null)
                throw Error(reader.TokenStartIndex, place, $"one of {Listed(settings.Select(s => s.Key))}", $"'{shown}'");
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
        if (count > ((int?)schema["maxItems"] ?? int.MaxValue))
            throw Error(start, path, $"at most {(int?)schema["maxItems"]} values", $"{count}");
    }

    /// <summary>Any value but null, in which all text is whole.</summary>
    private void Anything(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType is JsonTokenType.Null) throw Error(ref reader, path, "a value");
        var depth = reader.CurrentDepth;
        do
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) Text(ref reader, path);
        }
        while ((reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && reader.Read());
    }

    private void CheckText(ref Utf8JsonReader reader, JsonObject schema, string path)
    {
        var found = Text(ref reader, path);
        var maxLength = (int?)schema["maxLength"] ?? MaxTextLength;
        if (found.Length > maxLength) throw Error(reader.TokenStartIndex, path, $"at most {maxLength} characters", $"{found.Length}");
        if (found.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
            throw Error(reader.TokenStartIndex, path, "text without control characters", $"'{Shown(found)}'");
    }

    /// <summary>Text of whole characters: neither bytes that are no UTF-8, nor half of a surrogate pair.</summary>
    private string Text(ref Utf8JsonReader reader, string path)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Error(reader.TokenStartIndex, path, "text of whole Unicode characters", "bytes that are no UTF-8, or half of a surrogate pair");
        }
    }

    private static string Shown(string name)
    {
        var visible = string.Concat(name.Take(MaxShown).Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));
        return name.Length > MaxShown ? visible + "…" : visible;
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
        return Error(reader.TokenStartIndex, path, expected, Shown(found));
    }

    private GridException Error(long at, string path, string expected, string found)
    {
        var line = 1 + text.AsSpan(0, (int)at).Count((byte)'\n');
        return new($"{source}({line}): {(path.Length > 0 ? path : root == GridSchema.Root ? "grid" : "$")}: expected {expected}, found {found}.");
    }

    /// <summary>What the parser says, without its own way to name a place.</summary>
    private static string Reason(JsonException error)
    {
        var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? error.Message : error.Message[..end];
    }
}
