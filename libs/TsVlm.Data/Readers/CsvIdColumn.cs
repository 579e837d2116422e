using System.Globalization;

namespace TsVlm.Data.Readers;

/// <summary>
/// The column that names the cases of a wide <c>.csv</c>. It is no time step and is left out with a warning: a column named id, or one
/// without a name or named index, as row numbers are, where it holds a different whole number for each case.
/// </summary>
internal sealed class CsvIdColumn
{
    private static readonly string[] RowNumberNames =
        ["", "index", "row", "rownumber", "rowname", "rownames", "level0", "no", "nr", "#", "case", "sample", "instance", "observation",
        "unnamed:0"];

    private readonly bool isId;
    private readonly string name;
    private readonly HashSet<string> found = [];
    private bool isNumbering = true;

    private CsvIdColumn(int index, string name, bool isId) => (Index, this.name, this.isId) = (index, name, isId);

    /// <summary>Its place among the columns, from 0.</summary>
    public int Index { get; }

    /// <summary>The columns that by their names are ids or row numbers; none where no column but the label has a name.</summary>
    public static IReadOnlyList<CsvIdColumn> Of(IReadOnlyList<string> header, int labelColumn)
    {
        if (header.Index().All(column => column.Index == labelColumn || column.Item.Trim().Length == 0)) return [];
        return [.. from column in header.Index()
                   where column.Index != labelColumn
                   let isId = IsId(column.Item)
                   where isId || RowNumberNames.Contains(Plain(column.Item))
                   select new CsvIdColumn(column.Index, column.Item, isId)];
    }

    /// <summary>True for an explicit name such as id, case_id or sampleId.</summary>
    public static bool IsId(string name) =>
        name.Trim() is { Length: >= 2 } text && text.EndsWith("id", StringComparison.OrdinalIgnoreCase)
        && (text.Length == 2 || !char.IsLetter(text[^3]) || (text[^2] == 'I' && char.IsLower(text[^3]))
            || Plain(text) is "caseid" or "rowid" or "sampleid" or "seriesid" or "uuid" or "uid" or "guid");

    /// <summary>Takes the field of the next case.</summary>
    public void Add(ReadOnlySpan<char> field)
    {
        isNumbering &= double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0
            && number == Math.Floor(number);
        isNumbering &= found.Add(field.ToString());
    }

    /// <summary>The warning that it was left out.</summary>
    /// <exception cref="DataException">It may be a time step: its name does not say id, and its values number no cases.</exception>
    public string Warning(LineReader lines, int headerLine)
    {
        var column = name.Length == 0 ? $"column {Index + 1}, which has no name," : $"the column {Fields.Quote(name)}";
        return isId || isNumbering
            ? $"{lines.FileName}: {column} was taken for the {(isId ? "id" : "number")} of each case and left out; it is no time step."
            : throw lines.ErrorAt(headerLine, $"expected time steps and a label, found {column} with other values than row numbers. "
                + "Remove the column, or name it like the other time steps.");
    }

    private static string Plain(string name) => name.Trim().ToLowerInvariant().Replace("_", "", StringComparison.Ordinal)
        .Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
}
