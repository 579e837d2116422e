namespace TsVlm.Data.Tests.Readers;

public sealed class TsFormatTests
{
    private const string Header = "@problemName X\n@univariate true\n@equalLength true\n@seriesLength 3\n@classLabel true a b\n@data\n";

    [Fact]
    public void Labels_0_and_minus_1_stay_distinct()
    {
        using var files = new TextFiles().With("X_TRAIN.ts", "@classLabel true 0 -1 2\n@data\n1,2:0\n1,3:-1\n1,4:2\n");

        var dataset = files.Read("X");

        Assert.Equal(["0", "-1", "2"], dataset.Classes);
        Assert.Equal(["0", "-1", "2"], dataset.Cases.Select(c => c.Label));
    }

    [Fact]
    public void Header_words_match_in_any_case_and_comments_may_hold_anything()
    {
        using var files = new TextFiles().With("X_TRAIN.ts",
            "# Jože @data: 1,2:3\r\n%@classLabel true x\r\n\r\n@PROBLEMNAME X\r\n@ClassLabel TRUE b a\r\n@DATA\r\n# another: one\r\n1,2:a\r\n\r\n3,4:b\r\n");

        var dataset = files.Read("X");

        Assert.Equal(["b", "a"], dataset.Classes);
        Assert.Equal([1, 2], dataset.Cases[0].Series.Channel(0).ToArray());
        Assert.Equal(2, dataset.Cases.Count);
    }

    [Fact]
    public void Missing_values_are_question_marks_or_NaN_and_stay_at_the_end_too()
    {
        using var files = new TextFiles().With("X_TRAIN.ts", "@missing false\n@classLabel true a\n@data\n?,2,NaN,?:a\n");

        var dataset = files.Read("X");

        Assert.Equal([double.NaN, 2, double.NaN, double.NaN], dataset.Cases[0].Series.Channel(0).ToArray());
        Assert.Contains("X_TRAIN.ts: the header says @missing false, yet 3 values are missing.", dataset.Warnings);
    }

    [Fact]
    public void Time_stamps_may_be_dates_or_numbers_and_their_values_keep_the_file_s_order()
    {
        using var files = new TextFiles().With("X_TRAIN.ts",
            "@timeStamps true\n@univariate false\n@classLabel true a b\n@data\n"
            + "(2007-01-01 00:00:00,1.5),(2007-01-01 00:01:00,2.5):(0,3),(1,?):a\n(2,7),(1,8):(0,1),(1,1):b\n");

        var dataset = files.Read("X");

        Assert.Equal([1.5, 2.5], dataset.Cases[0].Series.Channel(0).ToArray());
        Assert.Equal([3, double.NaN], dataset.Cases[0].Series.Channel(1).ToArray());
        Assert.Equal([7, 8], dataset.Cases[1].Series.Channel(0).ToArray());
        Assert.Contains("X_TRAIN.ts: the time stamps of 1 channel do not increase.", dataset.Warnings);
    }

    [Fact]
    public void A_channel_shorter_than_the_others_of_its_case_is_filled_with_missing_values()
    {
        using var files = new TextFiles().With("X_TRAIN.ts", "@classLabel true a\n@data\n1,2,3:4:a\n");

        var dataset = files.Read("X");

        Assert.Equal([4, double.NaN, double.NaN], dataset.Cases[0].Series.Channel(1).ToArray());
        Assert.Contains("X_TRAIN.ts: 1 case has channels of different length; the shorter ones end in missing values.", dataset.Warnings);
    }

    [Theory]
    [InlineData("1,2:a",
        "7): expected 3 values in channel 0, found 2. Correct the line, or declare @equalLength false and no @seriesLength.")]
    [InlineData("1,2,3:1,2,3:a",
        "7): expected 1 channel, found 2. Separate channels by colons; a label needs @classLabel true in the header.")]
    [InlineData("1,2,3", "7): expected a label after the last colon, found none. End every case with a colon and its class.")]
    [InlineData("1,2,3:", "7): expected a label, found none. Give every case its class.")]
    [InlineData("1,2,3:c", "7): expected one of the header's labels 'a', 'b', found 'c'. Correct the label or @classLabel.")]
    [InlineData("1,x,3:a",
        "7): expected a number in channel 0 at time step 1, found 'x'. Write a missing value as ? or NaN and the decimal point as a dot.")]
    [InlineData("1,,3:a",
        "7): expected a number in channel 0 at time step 1, found ''. Write a missing value as ? or NaN and the decimal point as a dot.")]
    [InlineData("1,2,1e999:a",
        "7): expected a finite number in channel 0 at time step 2, found '1e999'. Replace it, or write ? where the value is missing.")]
    [InlineData("", "6): expected cases after @data, found none. Copy the file again.")]
    public void A_wrong_case_is_an_error_with_its_line(string line, string message)
    {
        using var files = new TextFiles().With("X_TRAIN.ts", Header + line);

        Assert.Equal("X_TRAIN.ts(" + message, Assert.Throws<DataException>(() => files.Read("X")).Message);
    }

    [Theory]
    [InlineData("", "1): expected a header and cases, found an empty file. Copy the file again.")]
    [InlineData("@targetLabel true\n@data\n1:2\n",
        "1): expected @classLabel, found @targetLabel. This is a regression file; only classification is supported.")]
    [InlineData("@classLabel false\n@data\n1\n",
        "1): expected @classLabel true and the classes, found @classLabel false. Without labels the series can be predicted, not learned from.")]
    [InlineData("@classLabel true\n@data\n1:a\n",
        "1): expected the classes after @classLabel true, found none. List every label, separated by blanks.")]
    [InlineData("@classLabel true a a\n@data\n",
        "1): expected every class once after @classLabel true, found 'a' 2 times. Correct the header.")]
    [InlineData("@problemName X\n@data\n1:a\n",
        "2): expected a line @classLabel before @data, found none. Add '@classLabel true' and every label, separated by blanks.")]
    [InlineData("@missing maybe\n", "1): expected true or false after @missing, found 'maybe'. Correct the header.")]
    [InlineData("@missing\n", "1): expected a value after @missing, found none. Correct the header.")]
    [InlineData("@seriesLength 0\n", "1): expected a whole number of at least 1 after @seriesLength, found '0'. Correct the header.")]
    [InlineData("@missing false\n1,2:a\n",
        "2): expected a header line such as @classLabel or the line @data, found '1,2:a'. Start comments with # and put @data before the first case.")]
    [InlineData("@missing false\n", "1): expected the line @data, found the end of the file. Put @data before the first case.")]
    public void A_wrong_header_is_an_error_with_its_line(string content, string message)
    {
        using var files = new TextFiles().With("X_TRAIN.ts", content);

        Assert.Equal("X_TRAIN.ts(" + message, Assert.Throws<DataException>(() => files.Read("X")).Message);
    }

    [Fact]
    public void New_series_need_no_label_and_labels_are_ignored()
    {
        using var files = new TextFiles()
            .With("new.ts", "@classLabel false\n@data\n1,2:3,4\n")
            .With("old.ts", "@classLabel true a b\n@data\n1,2:unheard\n");

        Assert.Equal(2, Assert.Single(files.ReadSeries("new.ts")).NumChannels);
        Assert.Equal([1, 2], Assert.Single(files.ReadSeries("old.ts")).Channel(0).ToArray());
    }
}
