using System.Text.Json;

namespace TsVlm.Serving.Requests;

/// <summary>Reads the members of a request's JSON. Places in messages are paths such as <c>inputs[0].shape</c>.</summary>
internal static class JsonReading
{
    private const int MaxShown = 60;

    /// <summary>An object.</summary>
    public static JsonElement Object(this JsonElement element, string place) =>
        element.ValueKind is JsonValueKind.Object ? element : throw Wrong(place, "an object", element);

    /// <summary>An array.</summary>
    public static JsonElement Array(this JsonElement element, string place) =>
        element.ValueKind is JsonValueKind.Array ? element : throw Wrong(place, "an array", element);

    /// <summary>A member that must be there.</summary>
    public static JsonElement Member(this JsonElement element, string name, string place) =>
        element.Object(place).TryGetProperty(name, out var member) ? member
        : throw new RequestException($"{place}: expected the member {name}, found none.");

    /// <summary>A member that may be absent or null.</summary>
    public static JsonElement? Optional(this JsonElement element, string name, string place) =>
        element.Object(place).TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null ? member : null;

    /// <summary>Refuses an object with another member than these.</summary>
    public static void OnlyMembers(this JsonElement element, IReadOnlyList<string> names, string place)
    {
        foreach (var member in element.Object(place).EnumerateObject())
            if (!names.Contains(member.Name))
                throw new RequestException($"{place}: expected the members {string.Join(", ", names.SkipLast(1))} and {names[^1]}, "
                    + $"found {JsonSerializer.Serialize(member.Name)}.");
    }

    /// <summary>True or false.</summary>
    public static bool Truth(this JsonElement element, string place) =>
        element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Wrong(place, "true or false", element);

    /// <summary>A text.</summary>
    public static string Text(this JsonElement element, string place) =>
        element.ValueKind is JsonValueKind.String ? element.GetString()! : throw Wrong(place, "a text", element);

    /// <summary>A whole number from 0.</summary>
    public static long Count(this JsonElement element, string place) =>
        element.ValueKind is JsonValueKind.Number && element.TryGetInt64(out var number) && number >= 0
        ? number : throw Wrong(place, "a whole number from 0", element);

    /// <summary>A finite number.</summary>
    public static double Number(this JsonElement element, string place) =>
        element.ValueKind is JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number)
        ? number : throw Wrong(place, "a finite number", element);

    /// <summary>A value of a series; NaN for null or the text NaN, a missing value.</summary>
    public static double Value(this JsonElement element, string place) => element.ValueKind switch
    {
        JsonValueKind.Null => double.NaN,
        JsonValueKind.String when element.ValueEquals("NaN") => double.NaN,
        JsonValueKind.Number when element.TryGetDouble(out var number) && double.IsFinite(number) => number,
        _ => throw Wrong(place, "a finite number, or null for a missing value", element),
    };

    /// <summary>A share from 0 to 1.</summary>
    public static double Share(this JsonElement element, string place) =>
        element.Number(place) is var share && share is >= 0 and <= 1 ? share : throw Wrong(place, "a number from 0 to 1", element);

    /// <summary>The exception for an element that is not what it must be.</summary>
    public static RequestException Wrong(string place, string expected, JsonElement found) =>
        new($"{place}: expected {expected}, found {Shown(found)}.");

    private static string Shown(JsonElement element)
    {
        var text = element.GetRawText();
        return text.Length <= MaxShown ? text : text[..MaxShown] + "...";
    }
}
