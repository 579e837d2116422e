using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using TsVlm.Data.Readers;

namespace TsVlm.Data.Tests;

public sealed class CsvRecordTests
{
    private const string Pieces = "'=+-@\t\r\n\",; 01.eaé";

    [Theory]
    [InlineData("=1+2")]
    [InlineData("+1 555")]
    [InlineData("-a")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("\n=1")]
    [InlineData("-1+1")]
    [InlineData("-")]
    [InlineData("-1\n")]
    [InlineData("'=1")]
    public void A_text_that_begins_like_a_formula_gets_an_apostrophe(string text) => Assert.Equal("'" + text, FormulaText.Escape(text));

    /// <summary>The examples of https://owasp.org/www-community/attacks/CSV_Injection.</summary>
    [Theory]
    [InlineData("=1+2\";=1+2", "\"'=1+2\"\";=1+2\"")]
    [InlineData("=1+2'\" ;,=1+2", "\"'=1+2'\"\" ;,=1+2\"")]
    public void Cells_are_escaped_as_OWASP_shows(string text, string escaped) =>
        Assert.Equal(escaped + ",\"7\"", CsvRecord.Of([text, "7"]));

    [Theory]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("-1.5e-5")]
    [InlineData("-.5")]
    [InlineData("-Infinity")]
    [InlineData("1=2")]
    [InlineData("'quoted'")]
    [InlineData("")]
    public void Numbers_and_other_texts_stay_as_they_are(string text)
    {
        Assert.Equal(text, FormulaText.Escape(text));
        Assert.Equal($"{text},7", CsvRecord.Of([text, "7"]));
    }

    [Property(MaxTest = 1000)]
    public Property Any_cells_come_back_from_an_escaped_record_and_from_a_raw_one(int seed)
    {
        var cells = Cells(new Random(seed), Pieces);
        var (escaped, raw) = (CsvRecord.Of(cells), CsvRecord.Raw(cells));
        return (CsvRecord.Cells(escaped).SequenceEqual(cells) && CsvRecord.Cells(raw).SequenceEqual(cells)
            && CsvRecord.AsRaw(escaped) == raw && CsvRecord.AsEscaped(raw) == escaped
            && CsvRecord.AsRaw(raw) == raw && CsvRecord.AsEscaped(escaped) == escaped
            && cells.Select(FormulaText.Escape).Select(FormulaText.Undo).SequenceEqual(cells)
            && !cells.Select(FormulaText.Escape).Any(text => text is ['=' or '@' or '\t' or '\r' or '\n', ..]))
            .Label($"{escaped} and {raw}");
    }

    [Property(MaxTest = 300)]
    public Property Any_cells_on_one_line_come_back_from_a_table(int seed)
    {
        // A table has one row a line, so no cell has a line end.
        var random = new Random(seed);
        var rows = Enumerable.Range(0, 5).Select(_ => Cells(random, "'=+-@\t\",; 01.eaé", 3)).ToList();
        using var folder = new TemporaryFolder();
        var path = folder.File("table.csv");
        File.WriteAllLines(path, rows.Select(CsvRecord.Of).Prepend("a,b,c,n"));
        var escaped = CsvTable.Read(path, "a", "b", "c", "n");
        RawCsv.Convert(path);
        var raw = CsvTable.Read(path, "a", "b", "c", "n");
        return rows.Index().All(row => Same(escaped[row.Index], row.Item) && Same(raw[row.Index], row.Item))
            .Label(File.ReadAllText(path));

        static bool Same(CsvRow row, IReadOnlyList<string> cells) =>
            cells.SequenceEqual(row.Columns.Select(row.OptionalText));
    }

    [Property(MaxTest = 300)]
    public Property A_file_is_made_raw_record_by_record_whatever_the_parts_it_comes_in(int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, 20).Select(_ => Cells(random, Pieces)).ToList();
        var text = string.Concat(rows.Select(row => CsvRecord.Of(row) + "\n"));
        if (seed % 2 == 0) text = text[..^1];
        var expected = string.Join('\n', rows.Select(CsvRecord.Raw)) + (seed % 2 == 0 ? "" : "\n");
        using var output = new MemoryStream();
        using var input = new SlowStream(Encoding.UTF8.GetBytes(text), random);
        RawCsv.Copy(input, output, CancellationToken.None).GetAwaiter().GetResult();
        return (Encoding.UTF8.GetString(output.ToArray()) == expected && CsvRecord.All(text).SelectMany(CsvRecord.Cells)
            .SequenceEqual(rows.SelectMany(row => row))).Label(text);
    }

    /// <summary>Cells of which one is a number, as in every record of the program.</summary>
    private static List<string> Cells(Random random, string pieces, int? count = null)
    {
        var cells = Enumerable.Range(0, count ?? random.Next(0, 4))
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)]))).ToList();
        cells.Add($"{random.Next(10) - 5}");
        return cells;
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class SlowStream(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, 8))], cancellationToken);
    }
}
