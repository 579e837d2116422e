using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using TsVlm.Data.Canonical;
using TsVlm.Data.Readers;
using TsVlm.Data.Tests.Readers;

namespace TsVlm.Data.Tests.Canonical;

public sealed class DatasetFileTests
{
    private static readonly Dataset Example = new("Example", ["left turn", "é"],
        [new(new TimeSeries([[1.1, double.NaN, -0.0], [double.MaxValue, double.Epsilon, 3]]), "é")],
        [new(new TimeSeries([[7], [8]]), "left turn")], ["A warning."]);

    [Fact]
    public void A_written_data_set_is_read_back_exactly()
    {
        using var stream = new MemoryStream(Bytes(Example));

        var read = DatasetFile.Read(stream);

        Assert.Equal((Example.Name, Example.NumOfficialTrain), (read.Name, read.NumOfficialTrain));
        Assert.Equal(Example.Classes, read.Classes);
        Assert.Equal(Example.Warnings, read.Warnings);
        Assert.Equal(Example.Cases.Select(c => c.Label), read.Cases.Select(c => c.Label));
        Assert.Equal(Bits(Example), Bits(read));
        Assert.Equal(DatasetFile.ContentHash(Example), DatasetFile.ContentHash(read));
        Assert.Equal(stream.Length, stream.Position);
    }

    [Fact]
    public void The_content_hash_depends_on_name_classes_split_and_values_and_not_on_warnings()
    {
        Dataset With(string name = "X", string[]? classes = null, int numTrain = 1, double value = 2, string[]? warnings = null)
        {
            LabelledSeries[] cases = [new(new TimeSeries([[1, value]]), "a"), new(new TimeSeries([[1, value]]), "b")];
            return new Dataset(name, classes ?? ["a", "b"], cases[..numTrain], cases[numTrain..], warnings ?? []);
        }

        // Computed once with Python's hashlib from the layout that DatasetFile documents.
        Assert.Equal("364993e5effa8bf747edd91be56600c175d129f004d07a57df0a8fa57391767f", DatasetFile.ContentHash(With()));
        Assert.Equal(DatasetFile.ContentHash(With()), DatasetFile.ContentHash(With(warnings: ["x"])));
        string[] others = [.. new[] { With("Y"), With(classes: ["b", "a"]), With(numTrain: 2),
            With(value: Math.BitIncrement(2)) }.Select(DatasetFile.ContentHash)];
        Assert.Equal(5, others.Append(DatasetFile.ContentHash(With())).Distinct().Count());
    }

    [Fact]
    public void Data_sets_of_equal_content_have_an_equal_hash_whatever_their_file_format()
    {
        using var files = new TextFiles()
            .With("ts/X_TRAIN.ts", "@classLabel true 1 2\n@data\n0.1,?,3:1\n4,5,6:2\n")
            .With("tsv/X_TRAIN.tsv", "1\t0.1\tNaN\t3\n2\t4\t5\t6\n")
            .With("txt/X_TRAIN.txt", " 1  1.0e-1  NaN  3.0\n 2  4  5  6\n")
            .With("arff/X_TRAIN.arff",
                "@attribute a numeric\n@attribute b numeric\n@attribute c numeric\n@attribute y {1,2}\n@data\n0.1,?,3,1\n4,5,6,2\n")
            .With("wide/X.csv", "label,a,b,c\n1,0.1,,3\n2,4,5,6\n")
            .With("long/X.csv", "id,channel,time,value,label\n1,c,0,0.1,1\n1,c,1,,1\n1,c,2,3,1\n2,c,0,4,2\n2,c,1,5,2\n2,c,2,6,2\n");

        string[] folders = ["ts", "tsv", "txt", "arff", "wide", "long"];

        Assert.Single(folders.Select(folder => DatasetFile.ContentHash(DatasetReader.Read(Path.Combine(files.Folder, folder), "X")))
            .Distinct());
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_error()
    {
        var bytes = Bytes(Example);

        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.Throws<DataException>(() => Read(bytes[..length])));
    }

    [Fact]
    public void A_file_with_any_byte_changed_is_an_error()
    {
        var bytes = Bytes(Example);

        Assert.All(Enumerable.Range(0, bytes.Length), at =>
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 0x55;
            Assert.Throws<DataException>(() => Read(changed));
        });
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void An_infinite_value_is_refused_with_its_case_channel_time_step_and_byte(double value, string shown)
    {
        var bytes = Bytes(new Dataset("X", ["a"], [new(new TimeSeries([[0]]), "a"), new(new TimeSeries([[1, 2], [double.NaN, value]]), "a")],
            [], []));
        // Magic 8, name 5, classes 9, counts 8, the first case 20, of the second 12 and three values of 8 before it.
        Assert.Equal($"Data set file, byte 86: expected a finite number in case 1, channel 1 at time step 1, or NaN for a missing one, found {shown}. "
            + "Replace it.", Assert.Throws<DataException>(() => Read(bytes)).Message);
        Assert.Equal(value, BitConverter.ToDouble(bytes, 86));
    }

    [Fact]
    public void An_infinite_value_is_found_in_a_long_series_too()
    {
        double[] values = [.. Enumerable.Range(0, 30_000).Select(i => i == 20_000 ? double.PositiveInfinity : i)];
        Assert.Contains("case 0, channel 0 at time step 20000, or NaN", Assert.Throws<DataException>(
            () => Read(Bytes(new Dataset("X", ["a"], [new(new TimeSeries([values]), "a")], [], [])))).Message);
    }

    [Fact]
    public void A_data_set_without_classes_or_training_cases_is_refused()
    {
        LabelledSeries one = new(new TimeSeries([[1]]), "a");
        Assert.Equal("Data set file, byte 17: expected at least one class, found none. It holds nothing to learn; make it again from the data set.",
            Assert.Throws<DataException>(() => Read(Bytes(new Dataset("X", [], [], [], [])))).Message);
        Assert.Contains("expected at least one training case, found none among 0 cases.",
            Assert.Throws<DataException>(() => Read(Bytes(new Dataset("X", ["a"], [], [], [])))).Message);
        Assert.Contains("expected at least one training case, found none among 1 case. Without a split, all cases count as training cases",
            Assert.Throws<DataException>(() => Read(Bytes(new Dataset("X", ["a"], [], [one], [])))).Message);
    }

    [Fact]
    public void A_text_that_is_not_UTF_8_is_refused_with_its_byte()
    {
        var bytes = Bytes(Example);
        bytes[12] = 0xE9;   // the first letter of the name
        Assert.Equal("Data set file, byte 12: expected the name in UTF-8, found the byte 0xE9. Write the text in UTF-8.",
            Assert.Throws<DataException>(() => Read(bytes)).Message);
        bytes = Bytes(Example);
        bytes[bytes.AsSpan().IndexOf("turn"u8)] = 0xFF;
        Assert.EndsWith(": expected class 0 in UTF-8, found the byte 0xFF. Write the text in UTF-8.",
            Assert.Throws<DataException>(() => Read(bytes)).Message);
    }

    [Property(MaxTest = 200)]
    public Property Any_bytes_after_the_magic_are_an_error(byte[] tail)
    {
        byte[] bytes = [.. "TSVLMDS1"u8, .. tail];
        return Record.Exception(() => Read(bytes)) is DataException ? true.ToProperty() : false.Label("no DataException");
    }

    private static byte[] Bytes(Dataset dataset)
    {
        using var stream = new MemoryStream();
        DatasetFile.Write(dataset, stream);
        return stream.ToArray();
    }

    private static Dataset Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return DatasetFile.Read(stream);
    }

    private static List<long> Bits(Dataset dataset) =>
    [
        .. from c in dataset.Cases
           from channel in Enumerable.Range(0, c.Series.NumChannels)
           from value in c.Series.Channel(channel).ToArray()
           select BitConverter.DoubleToInt64Bits(value),
    ];
}
