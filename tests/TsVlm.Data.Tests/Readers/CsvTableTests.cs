using TsVlm.Data.Readers;

namespace TsVlm.Data.Tests.Readers;

public sealed class CsvTableTests : IDisposable
{
    private readonly TextFiles files = new();

    [Fact]
    public void Columns_are_found_by_name_in_any_order_and_quoted_fields_keep_their_commas()
    {
        var rows = Read("b,a,more\n\"x, \"\"y\"\"\",0.5,7\n\nz,1,\n", "a", "b");
        Assert.Equal(["x, \"y\"", "z"], rows.Select(r => r.Text("b")));
        Assert.Equal([0.5, 1], rows.Select(r => r.Share("a")));
        Assert.Equal([7, double.NaN], rows.Select(r => r.OptionalNumber("more")));
        Assert.True(double.IsNaN(rows[0].OptionalNumber("absent")));
        Assert.Equal("", rows[0].OptionalText("absent"));
        Assert.Equal(["b", "a", "more"], rows[0].Columns);
        Assert.EndsWith("table.csv(4)", rows[1].Place);
    }

    [Theory]
    [InlineData("", "expected a line of column names, found an empty file")]
    [InlineData("a,c\n1,2\n", "(1): expected the columns a, b, found no b among a, c")]
    [InlineData("a,b,a\n1,2,3\n", "(1): expected each column once, found a twice")]
    [InlineData("a,b\n1\n", "(2): expected 2 fields, as there are column names, found 1")]
    [InlineData("a,b\n", "expected rows below the column names, found none")]
    [InlineData("a,b\n\"1,2\n", "expected a closing quote")]
    public void A_file_that_is_no_such_table_is_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<DataException>(() => Read(text, "a", "b")).Message);

    [Fact]
    public void A_field_that_is_not_as_expected_is_named_with_its_place()
    {
        var row = Read("a,b\n-1,x\n", "a", "b")[0];
        Assert.Contains("table.csv(2): expected a whole number from 0 in column a, found '-1'", Refused(() => row.WholeNumber("a")));
        Assert.Equal(-1, row.WholeNumber("a", int.MinValue));
        Assert.Contains("expected a share from 0 to 1, such as 0.953 in column a, found '-1'", Refused(() => row.Share("a")));
        Assert.Contains("expected a number or nothing in column b, found 'x'", Refused(() => row.OptionalNumber("b")));
        Assert.Contains("found nothing", Refused(() => Read("a,b\n,1\n", "a")[0].Text("a")));
        Assert.Contains("found 'NaN'", Refused(() => Read("a,b\nNaN,1\n", "a")[0].Share("a")));
    }

    [Fact]
    public void Records_that_are_escaped_come_back_and_older_and_raw_ones_are_read_as_they_stand()
    {
        var rows = Read("label,n\n\"'=a\",\"1\"\n'=a,1\n=a,1\n\"'=a,b\",1\n\"''=a\",\"1\"\n-1,1\n\"x, y\",\"1\"\n", "label", "n");
        Assert.Equal(["=a", "'=a", "=a", "'=a,b", "'=a", "-1", "x, y"], rows.Select(r => r.Text("label")));
        Assert.All(rows, row => Assert.Equal(1, row.WholeNumber("n")));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("none.csv", Refused(() => CsvTable.Read(Path.Combine(files.Folder, "none.csv"), "a")));

    public void Dispose() => files.Dispose();

    private IReadOnlyList<CsvRow> Read(string text, params string[] required) =>
        CsvTable.Read(Path.Combine(files.With("table.csv", text).Folder, "table.csv"), required);

    private static string Refused(Func<object> read) => Assert.Throws<DataException>(() => { read(); }).Message;
}
