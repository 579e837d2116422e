using System.Globalization;

namespace TsVlm.Evaluation.Results;

/// <summary>Fields of a CSV line after RFC 4180, numbers in the invariant culture.</summary>
public static class CsvText
{
    /// <summary>One line without its end.</summary>
    public static string Line(params IEnumerable<object> fields) => string.Join(',', fields.Select(Field));

    private static string Field(object field)
    {
        var text = field switch
        {
            double.NaN => "",
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
            _ => field.ToString() ?? "",
        };
        return text.AsSpan().ContainsAny(",\"\r\n") || text != text.Trim() ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
    }
}
