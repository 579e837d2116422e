using System.Globalization;
using TsVlm.Data;

namespace TsVlm.Evaluation.Results;

/// <summary>Lines of CSV: numbers in the invariant culture, texts escaped as <see cref="CsvRecord"/> does.</summary>
public static class CsvText
{
    /// <summary>One line without its end.</summary>
    public static string Line(params IEnumerable<object> fields) => CsvRecord.Of([.. fields.Select(Field)]);

    /// <summary>Writes a file of such lines.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isRaw">Whether texts are to be as they are, not escaped.</param>
    /// <param name="write">Writes the lines, escaped.</param>
    public static void Write(string path, bool isRaw, Action<TextWriter> write)
    {
        using (var output = new StreamWriter(path)) write(output);
        if (isRaw) RawCsv.Convert(path);
    }

    private static string Field(object field) => field switch
    {
        double.NaN => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => field.ToString() ?? "",
    };
}
