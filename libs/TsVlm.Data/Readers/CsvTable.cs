using System.Globalization;

namespace TsVlm.Data.Readers;

/// <summary>
/// A comma-separated file with a line of column names (RFC 4180, one row a line); its errors name file and line. Records that are escaped
/// come back as they were: see <see cref="CsvRecord"/>.
/// </summary>
public static class CsvTable
{
    /// <summary>Reads every row; empty lines are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="required">Columns it must have, in any order and whatever their case; others are kept too.</param>
    /// <exception cref="DataException">
    /// No such file, a column is missing or doubled, a row has another number of fields, or there is no row.
    /// </exception>
    public static IReadOnlyList<CsvRow> Read(string path, params IReadOnlyList<string> required)
    {
        using var lines = new LineReader(path);
        if (!lines.Read()) throw new DataException($"{path}: expected a line of column names, found an empty file.");
        var names = CsvLine.Unescaped(lines);
        foreach (var name in required.Where(name => !names.Contains(name)))
        {
            var alike = names.FindIndex(found => found.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (alike >= 0) names[alike] = name;
        }
        if (required.Where(name => !names.Contains(name)).ToList() is { Count: > 0 } missing)
            throw new DataException(
                $"{path}(1): expected the columns {string.Join(", ", required)}, found no {string.Join(", ", missing)} among {string.Join(", ", names)}. "
                + "Check that this is the right file.");
        if (names.CountBy(name => name).FirstOrDefault(n => n.Value > 1) is { Key: { } twice })
            throw new DataException($"{path}(1): expected each column once, found {twice} twice. Remove or rename one of them.");
        var columns = names.Index().ToDictionary(c => c.Item, c => c.Index);
        var rows = new List<CsvRow>();
        while (lines.Read())
        {
            if (lines.Line.IsEmpty) continue;
            var fields = CsvLine.Unescaped(lines);
            if (fields.Count != names.Count)
                throw new DataException(
                    $"{path}({lines.Number}): expected {names.Count} fields, as there are column names, found {fields.Count}. "
                    + "Put fields that hold a comma in double quotes.");
            rows.Add(new(path, lines.Number, columns, fields));
        }
        return rows.Count > 0 ? rows : throw new DataException($"{path}: expected rows below the column names, found none.");
    }
}

/// <summary>One row of a <see cref="CsvTable"/>.</summary>
public sealed class CsvRow
{
    private readonly Dictionary<string, int> columns;
    private readonly List<string> fields;

    internal CsvRow(string path, int line, Dictionary<string, int> columns, List<string> fields) =>
        (Place, this.columns, this.fields) = ($"{path}({line})", columns, fields);

    /// <summary>File and line, as errors give them.</summary>
    public string Place { get; }

    /// <summary>Names of the columns, in their order.</summary>
    public IEnumerable<string> Columns => columns.OrderBy(c => c.Value).Select(c => c.Key);

    /// <summary>The field of a column that is there; an empty one is an error.</summary>
    /// <exception cref="DataException">It is empty.</exception>
    public string Text(string column) => fields[columns[column]] is { Length: > 0 } text ? text : throw Error(column, "a value", "");

    /// <summary>The field; empty where it is, or where the file has no such column.</summary>
    public string OptionalText(string column) => columns.TryGetValue(column, out var index) ? fields[index] : "";

    /// <summary>A whole number at least as large as the bound.</summary>
    /// <exception cref="DataException">It is not.</exception>
    public int WholeNumber(string column, int atLeast = 0) =>
        int.TryParse(fields[columns[column]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= atLeast
            ? number
            : throw Error(column, $"a whole number from {atLeast}", fields[columns[column]]);

    /// <summary>A share from 0 to 1.</summary>
    /// <exception cref="DataException">It is not.</exception>
    public double Share(string column) =>
        double.TryParse(fields[columns[column]], NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1
            ? share
            : throw Error(column, "a share from 0 to 1, such as 0.953", fields[columns[column]]);

    /// <summary>Any number; NaN where the field is empty or the file has no such column.</summary>
    /// <exception cref="DataException">Other text.</exception>
    public double OptionalNumber(string column)
    {
        if (!columns.TryGetValue(column, out var index) || fields[index].Length == 0) return double.NaN;
        return double.TryParse(fields[index], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Error(column, "a number or nothing", fields[index]);
    }

    private DataException Error(string column, string expected, string found) =>
        new($"{Place}: expected {expected} in column {column}, found {(found.Length == 0 ? "nothing" : $"'{found}'")}. Correct the field or take out the row.");
}
