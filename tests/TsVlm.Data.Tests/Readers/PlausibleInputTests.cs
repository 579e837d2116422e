namespace TsVlm.Data.Tests.Readers;

/// <summary>Files that look right and would be read wrongly.</summary>
public sealed class PlausibleInputTests
{
    [Theory]
    [InlineData(",a,b,label\n0,5,6,x\n1,7,8,y\n",
        "X.csv: column 1, which has no name, was taken for the number of each case and left out; it is no time step.")]
    [InlineData("id,label,a,b\np9,x,5,6\np2,y,7,8\n",
        "X.csv: the column 'id' was taken for the id of each case and left out; it is no time step.")]
    [InlineData("Unnamed: 0,a,b,label\n1,5,6,x\n2,7,8,y\n",
        "X.csv: the column 'Unnamed: 0' was taken for the number of each case and left out; it is no time step.")]
    public void A_row_number_column_is_left_out_with_a_warning(string content, string warning)
    {
        using var files = new TextFiles().With("X.csv", content);

        var dataset = files.Read("X");

        Assert.Equal([5, 6], dataset.Cases[0].Series.Channel(0).ToArray());
        Assert.Contains(warning, dataset.Warnings);
    }

    [Fact]
    public void A_column_without_a_name_that_numbers_no_cases_is_refused()
    {
        using var files = new TextFiles().With("X.csv", ",a,label\n0.5,6,x\n1.5,8,y\n");

        Assert.Equal("X.csv(1): expected time steps and a label, found column 1, which has no name, with other values than row numbers. "
            + "Remove the column, or name it like the other time steps.", Assert.Throws<DataException>(() => files.Read("X")).Message);
    }

    [Fact]
    public void A_time_step_that_numbers_the_cases_is_a_warning_in_every_format()
    {
        var rows = string.Concat(Enumerable.Range(0, 10).Select(i => $"{i % 2}\t{i}\t{i * 7 % 3}\n"));
        using var files = new TextFiles().With("X_TRAIN.tsv", rows);

        Assert.Contains("The values at time step 0 of channel 0 number the cases one by one. If they are row numbers, remove them from the file.", files.Read("X").Warnings);
    }

    [Theory]
    [InlineData("1 0,0942 0,1\n")]
    [InlineData("1\t0,0942\t0,1\n")]
    public void Decimal_commas_in_a_text_file_are_refused(string content)
    {
        using var files = new TextFiles().With("X_TRAIN.txt", content);

        Assert.StartsWith("X_TRAIN.txt(1): expected values separated by blanks or by commas, found both in",
            Assert.Throws<DataException>(() => files.Read("X")).Message);
        Assert.Equal([5, 6], files.With("X_TRAIN.txt", "1, 5, 6\n").Read("X").Cases[0].Series.Channel(0).ToArray());
    }

    [Theory]
    [InlineData("03/04/2025")]
    [InlineData("3.4.2025")]
    [InlineData("00:05")]
    public void A_date_that_is_not_in_ISO_8601_is_refused(string time)
    {
        using var files = new TextFiles().With("X.csv", $"id,channel,time,value,label\na,x,{time},1,p\n")
            .With("Y_TRAIN.ts", $"@timeStamps true\n@classLabel true p\n@data\n({time},1):p\n");

        Assert.Equal($"X.csv(2): expected a time, found '{time}'. Write a number, or a date in ISO 8601 such as 2007-01-31 or 2007-01-31 00:00:00.",
            Assert.Throws<DataException>(() => files.Read("X")).Message);
        Assert.StartsWith("Y_TRAIN.ts(4): expected a time stamp", Assert.Throws<DataException>(() => files.Read("Y")).Message);
    }

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "01")]
    [InlineData("Up", "up")]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("up", "u\u200bp")]
    public void Labels_that_look_alike_get_a_note(string first, string second)
    {
        using var files = new TextFiles().With("X.csv", $"label,a\n{first},1\n{second},2\nother,3\n");

        Assert.Contains(files.Read("X").Warnings,
            w => w.StartsWith("2 labels look alike and count as different classes: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_of_different_letters_do_not_look_alike()
    {
        using var files = new TextFiles().With("X.csv", "label,a\n\u00e4\u00f6,1\n\u00e9\u00e8,2\n1,3\n-1,4\n");

        Assert.DoesNotContain(files.Read("X").Warnings, w => w.Contains("look alike", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("X_TRAIN.csv", "label,a\nx\u001b[31m,1\n")]
    [InlineData("X_TRAIN.tsv", "1\t\u001b[31m\n")]
    public void No_control_character_of_a_file_is_in_a_message(string name, string content)
    {
        using var files = new TextFiles().With(name, content);

        var message = Assert.Throws<DataException>(() => files.Read("X")).Message;

        Assert.DoesNotContain('\u001b', message);
        Assert.Contains("\\u001B[31m", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variants_of_the_formats_are_read()
    {
        using var files = new TextFiles()
            .With("A_TRAIN.arff", "@relation x % note\n@attribute a numeric % note\n@attribute c {p,q} % note\n@data\n1,p % note\n")
            .With("B_TRAIN.tsv", "1\t5\r2\t6\r").With("C.csv", "label,x\n1,1\n2,2\n").With("C_LABELS.csv", "Label,Text\n1,a\n2,b\n");

        Assert.Equal("p", files.Read("A").Cases[0].Label);
        Assert.Equal(["1", "2"], files.Read("B").Classes);
        Assert.Equal(["a", "b"], files.Read("C").ClassTexts);
    }

    [Theory]
    [InlineData("X_TRAIN.csv", "label\ta\nx\t1\n",
        "X_TRAIN.csv(1): expected fields separated by commas, found tabs. Write commas between fields and a dot in numbers.")]
    [InlineData("X_TRAIN.ts", "@classLabel true a\n@classLabel true b\n@data\n1:b\n",
        "X_TRAIN.ts(2): expected one line @classLabel, found a second that says otherwise. Remove one of them.")]
    public void A_file_of_another_form_is_refused_with_its_cause(string name, string content, string message)
    {
        using var files = new TextFiles().With(name, content);

        Assert.Equal(message, Assert.Throws<DataException>(() => files.Read("X")).Message);
    }
}
