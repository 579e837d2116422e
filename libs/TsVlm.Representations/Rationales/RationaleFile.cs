using System.Text;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Readers;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Rationales;

/// <summary>A rationale of a training case, as people accept or reject it.</summary>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="Case">Number of the case in it.</param>
/// <param name="Class">Its class.</param>
/// <param name="Text">The rationale, one line; empty for none.</param>
/// <param name="IsAccepted">Whether it is to be learnt.</param>
public sealed record WrittenRationale(string Dataset, int Case, string Class, string Text, bool IsAccepted)
{
    /// <summary>File and line, as errors give them.</summary>
    public string Place { get; init; } = $"{Dataset}, case {Case}";
}

/// <summary>
/// A file of rationales for people to read and edit: <c>dataset,case,class,rationale,accepted</c>, one line a training case;
/// <c>accepted</c> is yes, no, or empty for yes.
/// </summary>
public sealed class RationaleFile
{
    private static readonly string[] Columns = ["dataset", "case", "class", "rationale", "accepted"];

    /// <summary>A file of these rationales.</summary>
    /// <exception cref="DataException">Two rationales of one case.</exception>
    public RationaleFile(IReadOnlyList<WrittenRationale> rationales)
    {
        Rationales = rationales;
        if (rationales.GroupBy(r => (r.Dataset, r.Case)).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new DataException(
                $"{twice.Last().Place}: expected one rationale a case, found a second of {twice.Key.Dataset}, case {twice.Key.Case}. Remove one of the lines.");
        Text = Written(CsvRecord.Raw);
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<WrittenRationale> Rationales { get; }

    /// <summary>The file in canonical form: raw CSV.</summary>
    public string Text { get; }

    /// <summary>The file for people, who open it in a spreadsheet: escaped as <see cref="CsvRecord"/> does.</summary>
    public string EscapedText => Written(CsvRecord.Of);

    /// <summary>SHA-256 of <see cref="Text"/>, by which a scenario names it.</summary>
    public string Hash => ContentHash.Of(Encoding.UTF8.GetBytes(Text));

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">No such file, or a line that is no rationale; the message names it.</exception>
    public static RationaleFile Read(string path) => new([.. CsvTable.Read(path, Columns).Select(row => new WrittenRationale(
        row.Text("dataset"), row.WholeNumber("case"), row.Text("class"),
        RationaleText.Clean(row.OptionalText("rationale")), row.OptionalText("accepted").ToLowerInvariant() switch
        {
            "yes" or "" => true,
            "no" => false,
            var other => throw new DataException($"{row.Place}: expected accepted to be yes, no, or empty for yes, found '{other}'."),
        }) { Place = row.Place })]);

    /// <summary>The accepted rationales of a data set's training cases, by their numbers.</summary>
    /// <exception cref="DataException">
    /// None is of this data set, or one is of another case or class: the file belongs to other data or to another split.
    /// </exception>
    public IReadOnlyDictionary<int, string> Of(Dataset dataset, DatasetSplit split)
    {
        var own = Rationales.Where(r => r.Dataset == dataset.Name).ToList();
        if (own.Count == 0)
            throw new DataException(
                $"Rationales: expected some of {dataset.Name}, found them of {string.Join(", ", Rationales.Select(r => r.Dataset).Distinct())}. "
                + "Write them with tsvlm rationales.");
        var training = split.Train.ToHashSet();
        foreach (var rationale in own)
        {
            if (!training.Contains(rationale.Case))
                throw new DataException(
                    $"{rationale.Place}: expected a case of the training split of {dataset.Name} ({split.Train.Count} cases), "
                    + $"found case {rationale.Case}, which is not. A rationale of a validation or test case would tell its label; "
                    + "write the rationales anew for this protocol and resample.");
            // A spreadsheet that saves the file takes the quotes off an escaped class and leaves it the apostrophe.
            if (dataset.Cases[rationale.Case].Label is var label && label != rationale.Class && label != FormulaText.Undo(rationale.Class))
                throw new DataException(
                    $"{rationale.Place}: expected class {label} of case {rationale.Case} of {dataset.Name}, found {rationale.Class}. "
                    + "The file belongs to other data; write the rationales anew.");
        }
        return own.Where(r => r.IsAccepted && r.Text.Length > 0).ToDictionary(r => r.Case, r => r.Text);
    }

    private string Written(Func<IReadOnlyList<string>, string> record) =>
        string.Concat(Rationales.Select(Cells).Prepend(Columns).Select(cells => record(cells) + "\n"));

    private static string[] Cells(WrittenRationale rationale) =>
    [
        rationale.Dataset, FormattableString.Invariant($"{rationale.Case}"), rationale.Class, rationale.Text, rationale.IsAccepted
            ? "yes" : "no",
    ];
}
