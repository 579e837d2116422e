namespace TsVlm.Data.Tests.Readers;

public sealed class CsvFormatTests
{
    [Theory]
    [InlineData("label,t0,t1,t2\n\"left, slow\",1,,3\nright,4,5,\n")]
    [InlineData("t0,t1,t2,Label\n1,,3,\"left, slow\"\n4,5,,right\n")]
    public void A_row_of_one_series_has_its_label_first_or_last(string content)
    {
        using var files = new TextFiles().With("X.csv", content);

        var dataset = files.Read("X");

        Assert.Equal(["left, slow", "right"], dataset.Cases.Select(c => c.Label));
        Assert.Equal([1, double.NaN, 3], dataset.Cases[0].Series.Channel(0).ToArray());
        Assert.Equal([4, 5], dataset.Cases[1].Series.Channel(0).ToArray());
        Assert.Contains("X.csv has no split: all cases count as training cases, and only protocol 80-10-10 applies.", dataset.Warnings);
    }

    [Fact]
    public void Long_form_takes_columns_and_rows_in_any_order()
    {
        using var files = new TextFiles().With("X.csv",
            "value,label,time,id,channel\n5,up,1,s2,y\n1,up,0,s2,x\n2,up,1,s2,x\n,up,0,s2,y\n7,down,2024-01-02,s1,x\n8,down,2024-01-01,s1,x\n9,down,2024-01-02,s1,y\n");

        var dataset = files.Read("X");

        Assert.Equal(["up", "down"], dataset.Cases.Select(c => c.Label));
        Assert.Equal([1, 2], dataset.Cases[0].Series.Channel(0).ToArray());
        Assert.Equal([double.NaN, 5], dataset.Cases[0].Series.Channel(1).ToArray());
        Assert.Equal([8, 7], dataset.Cases[1].Series.Channel(0).ToArray());
        Assert.Equal([double.NaN, 9], dataset.Cases[1].Series.Channel(1).ToArray());
    }

    [Theory]
    [InlineData("", "1): expected a header line, found an empty file. Copy the file again.")]
    [InlineData("a,b,c\n1,2,3\n", "1): expected a column named label, found 'a', 'b', 'c'. Name the column of the classes label.")]
    [InlineData("a;label\n1;2\n",
        "1): expected fields separated by commas, found semicolons. Write commas between fields and a dot in numbers.")]
    [InlineData("1.5,2.5\n1,2\n", "1): expected a header line such as label,t0,t1,t2, found only numbers: '1.5,2.5'. Name the columns.")]
    [InlineData("a,label,b\n", "1): expected the column label first or last, found it as column 2 of 3. Move it.")]
    [InlineData("label,a,b\nx,1\n", "2): expected 3 fields as in the header, found 2. Leave cells empty at the end of shorter series.")]
    [InlineData("label,a,b\n,1,2\n", "2): expected a label, found none. Give every case its class.")]
    [InlineData("label,a\nx,\n", "2): expected at least one value, found none. Remove the line.")]
    [InlineData("label,a\n\"x,1\n", "2): expected a closing quote, found the end of the line. Close the quoted field on its line.")]
    [InlineData("label,a\nx,inf\n",
        "2): expected a number in channel 0 at time step 0, found 'inf'. Write a missing value as ? or NaN and the decimal point as a dot.")]
    [InlineData("id,time,value,label\n",
        "1): expected the columns id,channel,time,value,label, found none named 'channel'. Name every column of the long form.")]
    [InlineData("id,channel,time,value,label\na,x,0,1,p\na,x,1,1,q\n",
        "3): expected label 'p' as in the lines before of id 'a', found 'q'. Give all lines of a case one label.")]
    [InlineData("id,channel,time,value,label\na,x,0,1,p\na,x,0,2,p\n",
        "3): expected one value of id 'a', channel 'x' at time '0', found a second. Remove one of them.")]
    [InlineData("id,channel,time,value,label\na,x,0,1,p\na,y,0,1,p\nb,x,0,1,p\n",
        "4): expected the channels 'x', 'y' in id 'b', found none of 'y'. Give every case every channel.")]
    [InlineData("id,channel,time,value,label\na,x,soon,1,p\n",
        "2): expected a time, found 'soon'. Write a number, or a date in ISO 8601 such as 2007-01-31 or 2007-01-31 00:00:00.")]
    public void A_wrong_file_is_an_error_with_its_line(string content, string message)
    {
        using var files = new TextFiles().With("X_TRAIN.csv", content);

        Assert.Equal("X_TRAIN.csv(" + message, Assert.Throws<DataException>(() => files.Read("X")).Message);
    }

    [Theory]
    [InlineData("t0,t1\n1,2\n")]
    [InlineData("0,1\n1,2\n")]
    [InlineData("t0,t1,label\n1,2,x\n")]
    [InlineData("id,channel,time,value\nk,c,0,1\nk,c,1,2\n")]
    [InlineData("id,channel,time,value,label\nk,c,1,2,\nk,c,0,1,\n")]
    public void New_series_need_no_label_and_labels_are_ignored(string content)
    {
        using var files = new TextFiles().With("new.csv", content);

        Assert.Equal([1, 2], Assert.Single(files.ReadSeries("new.csv")).Channel(0).ToArray());
    }
}
