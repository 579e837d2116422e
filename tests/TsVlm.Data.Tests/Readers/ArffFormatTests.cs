namespace TsVlm.Data.Tests.Readers;

public sealed class ArffFormatTests
{
    private const string Univariate =
        "% a comment\n@RELATION 'x y'\n@attribute 'att 1' numeric\n@attribute att2 REAL\n@attribute target {b,'a c'}\n\n@DATA\n";
    private const string Relational =
        "@relation x\n@attribute r relational\n  @attribute t1 numeric\n\t@attribute t2 numeric\n@end r\n@attribute c {1,2}\n@data\n";

    [Fact]
    public void Numeric_attributes_are_the_time_steps_and_the_nominal_one_the_class()
    {
        using var files = new TextFiles().With("X_TRAIN.arff", Univariate + "1,?,b\n");

        Assert.Throws<DataException>(() => files.With("X_TRAIN.arff", Univariate + "1,2\n").Read("X"));
        var dataset = files.With("X_TRAIN.arff", Univariate + "?,1.5, b\n% comment\n2,3,'a c'\n").Read("X");

        Assert.Equal(["b", "a c"], dataset.Classes);
        Assert.Equal(["b", "a c"], dataset.Cases.Select(c => c.Label));
        Assert.Equal([double.NaN, 1.5], dataset.Cases[0].Series.Channel(0).ToArray());
    }

    [Fact]
    public void Channels_of_a_relational_attribute_are_separated_inside_the_quotes()
    {
        using var files = new TextFiles().With("X_TRAIN.arff", Relational + "'1,2\\n3,4',2\n\"5,?\\n6,?\",1\n");

        var dataset = files.Read("X");

        Assert.Equal([3, 4], dataset.Cases[0].Series.Channel(1).ToArray());
        Assert.Equal("2", dataset.Cases[0].Label);
        Assert.Equal(1, dataset.Cases[1].Series.Length);
    }

    [Theory]
    [InlineData("1,2,3,b",
        "8): expected 2 values in channel 0, found 3. Give one value for each numeric attribute; fill shorter series with ? at their end.")]
    [InlineData("1,2,z", "8): expected one of the header's labels 'b', 'a c', found 'z'. Correct the label or the class attribute.")]
    [InlineData("1,2,?", "8): expected a label, found '?'. Give every case its class.")]
    [InlineData("{0 1}", "8): expected every value of the case, found the sparse form {...}. Save the file as dense ARFF.")]
    [InlineData("", "7): expected cases after @data, found none. Copy the file again.")]
    public void A_wrong_case_is_an_error_with_its_line(string line, string message)
    {
        using var files = new TextFiles().With("X_TRAIN.arff", Univariate + line);

        Assert.Equal("X_TRAIN.arff(" + message, Assert.Throws<DataException>(() => files.Read("X")).Message);
    }

    [Theory]
    [InlineData("'1,2\\n3,4',2\n'1,2',1\n",
        @"9): expected 2 channels as in the lines before, found 1. Separate channels by \n inside the quotes.")]
    [InlineData("'1,2\\n3,4,2\n", "8): expected a closing ', found the end of the line. Close the quoted field on its line.")]
    [InlineData("1,2,2\n", "8): expected the channels in quotes, found '1,2,2'. Put quotes around the relational attribute.")]
    [InlineData("'1,2'\n",
        "8): expected a comma and the class after the values, found the end of the line. Write the class last, after a comma.")]
    public void A_wrong_relational_case_is_an_error_with_its_line(string line, string message)
    {
        using var files = new TextFiles().With("X_TRAIN.arff", Relational + line);

        Assert.Equal("X_TRAIN.arff(" + message, Assert.Throws<DataException>(() => files.Read("X")).Message);
    }

    [Theory]
    [InlineData("@attribute a numeric\n@attribute y numeric\n@data\n1,2\n",
        "3): expected a nominal class {A,B,...} as the last attribute, found none. A number to predict makes it a regression file; only classification is supported.")]
    [InlineData("@attribute a string\n",
        "1): expected attributes of type numeric (or one relational attribute of them), then the nominal class, found 'string'. Leave other attributes out.")]
    [InlineData("@attribute c {a,b}\n@attribute x numeric\n",
        "2): expected the nominal class as the last attribute, found another after it. Move the class to the end.")]
    [InlineData("hello\n", "1): expected @relation, @attribute, @end or @data, found 'hello'. Start comments with %.")]
    public void A_wrong_header_is_an_error_with_its_line(string content, string message)
    {
        using var files = new TextFiles().With("X_TRAIN.arff", content);

        Assert.Equal("X_TRAIN.arff(" + message, Assert.Throws<DataException>(() => files.Read("X")).Message);
    }

    [Fact]
    public void New_series_need_no_class_attribute()
    {
        using var files = new TextFiles().With("new.arff", "@attribute a numeric\n@attribute b numeric\n@data\n1,2\n")
            .With("old.arff", Univariate + "3,4,b\n");

        Assert.Equal([1, 2], Assert.Single(files.ReadSeries("new.arff")).Channel(0).ToArray());
        Assert.Equal([3, 4], Assert.Single(files.ReadSeries("old.arff")).Channel(0).ToArray());
    }
}
