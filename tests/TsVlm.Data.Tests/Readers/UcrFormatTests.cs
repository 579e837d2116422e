namespace TsVlm.Data.Tests.Readers;

public sealed class UcrFormatTests
{
    [Fact]
    public void Classes_without_a_header_are_sorted_by_number()
    {
        using var files = new TextFiles().With("X_TRAIN.tsv", "10\t1\t2\n9\t1\t3\n-1\t2\t2\n").With("X_TEST.tsv", "9\t1\t2\n");

        Assert.Equal(["-1", "9", "10"], files.Read("X").Classes);
    }

    [Fact]
    public void NaN_inside_is_missing_and_NaN_up_to_the_end_ends_the_series()
    {
        using var files = new TextFiles().With("X_TRAIN.tsv", "a b\t1\tNaN\t3\tNaN\nc\t1\t2\t3\t4\n");

        var dataset = files.Read("X");

        Assert.Equal("a b", dataset.Cases[0].Label);
        Assert.Equal([1, double.NaN, 3], dataset.Cases[0].Series.Channel(0).ToArray());
        Assert.Contains("X_TRAIN.tsv: missing values at the end of 1 line were read as the end of a shorter series.", dataset.Warnings);
    }

    [Fact]
    public void Old_text_files_have_runs_of_blanks_and_their_labels_stay_as_written()
    {
        using var files = new TextFiles().With("X_TRAIN.txt",
            "   1.0000000e+00  -6.5e-01   2.0e+00 \n   2.0000000e+00   1.0e+00   3.0e+00\n");

        var dataset = files.Read("X");

        Assert.Equal(["1.0000000e+00", "2.0000000e+00"], dataset.Classes);
        Assert.Equal([-0.65, 2], dataset.Cases[0].Series.Channel(0).ToArray());
    }

    [Theory]
    [InlineData("", "1): expected one series a line, found none. Copy the file again.")]
    [InlineData("1\t1\t2\n2\t1\n",
        "2): expected 2 values in channel 0 as in the lines before, found 1. Fill shorter series with NaN at their end.")]
    [InlineData("1\t1\tabc\n",
        "1): expected a number in channel 0 at time step 1, found 'abc'. Write a missing value as ? or NaN and the decimal point as a dot.")]
    [InlineData("\t1\t2\n", "1): expected a label, found none. Give every case its class.")]
    [InlineData("1\n", "1): expected a label and values separated by a tab, found '1'. Put the label first.")]
    [InlineData("1\tNaN\tNaN\n", "1): expected at least one value, found only missing ones. Remove the case.")]
    public void A_wrong_line_is_an_error_with_its_line(string content, string message)
    {
        using var files = new TextFiles().With("X_TRAIN.tsv", content);

        Assert.Equal("X_TRAIN.tsv(" + message, Assert.Throws<DataException>(() => files.Read("X")).Message);
    }
}
