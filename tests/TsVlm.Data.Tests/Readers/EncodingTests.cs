using System.Text;
using TsVlm.Data.Readers;

namespace TsVlm.Data.Tests.Readers;

/// <summary>Files whose bytes are no UTF-8, and values that are no finite numbers.</summary>
public sealed class EncodingTests : IDisposable
{
    private const string Advice = "expected UTF-8 text, found the byte 0xE9. Convert the file, for example with iconv -f latin1 -t utf-8.";

    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("X_TRAIN.ts", "@classLabel true a é\n@data\n1,2:a\n", 1)]
    [InlineData("X_TRAIN.ts", "# note\n@classLabel true a b\n@data\n1,2:a\n# é\n3,4:b\n", 5)]
    [InlineData("X_TRAIN.tsv", "1\t2\né\t3\n", 2)]
    [InlineData("X_TRAIN.txt", "1 2\r\n2 3\r\né 3", 3)]
    [InlineData("X_TRAIN.tsv", "1\t2\r2\t3\r3\té\r", 3)]
    [InlineData("X_TRAIN.arff", "@attribute a numeric\n@attribute c {p,q}\n@data\n1,p % é\n", 4)]
    [InlineData("X.csv", "label,t0\na,1\nb,2\né,3\n", 4)]
    [InlineData("X.csv", "id,channel,time,value,label\n1,é,0,1,a\n", 2)]
    public void A_byte_that_is_no_UTF_8_is_refused_with_its_line_in_every_format(string name, string content, int line)
    {
        File.WriteAllText(folder.File(name), content, Encoding.Latin1);
        Assert.Equal($"{name}({line}): {Advice}", Assert.Throws<DataException>(() => DatasetReader.Read(folder.Path, "X")).Message);
    }

    [Fact]
    public void A_byte_that_is_no_UTF_8_is_named_with_its_line_in_a_long_file_and_a_long_line()
    {
        var rows = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i % 2}\t{i}.25\n"));
        File.WriteAllText(folder.File("X_TRAIN.tsv"), rows + string.Concat(Enumerable.Repeat("1\t", 200_000)) + "é\n" + rows, Encoding.Latin1);
        using var lines = new LineReader(folder.File("X_TRAIN.tsv"));
        var count = 0;
        var error = Assert.Throws<DataException>(() => { while (lines.Read()) count++; });
        Assert.Equal(20_000, count);
        Assert.Equal($"X_TRAIN.tsv(20001): {Advice}", error.Message);
    }

    [Fact]
    public void Texts_for_labels_that_are_no_UTF_8_are_refused_with_their_line()
    {
        File.WriteAllText(folder.File("X.csv"), "label,t0\na,1\nb,2\n");
        File.WriteAllText(folder.File("X_LABELS.csv"), "label,text\na,up\nb,tombé\n", Encoding.Latin1);
        Assert.Equal($"X_LABELS.csv(3): {Advice}", Assert.Throws<DataException>(() => DatasetReader.Read(folder.Path, "X")).Message);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3 }, "C3")]                 // cut off at the end of the file
    [InlineData(new byte[] { 0xC0, 0xAF }, "C0")]           // longer than it need be
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "ED")]     // half of a surrogate pair
    [InlineData(new byte[] { 0x80 }, "80")]
    public void Sequences_that_UTF_8_forbids_are_refused(byte[] bytes, string first)
    {
        File.WriteAllBytes(folder.File("X.csv"), [.. "label,t0\na"u8, .. bytes]);
        Assert.StartsWith($"X.csv(2): expected UTF-8 text, found the byte 0x{first}.",
            Assert.Throws<DataException>(() => DatasetReader.Read(folder.Path, "X")).Message);
    }

    public static TheoryData<Encoding> Marked => [Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode];

    [Theory]
    [MemberData(nameof(Marked))]
    public void A_file_with_a_byte_order_mark_is_read(Encoding encoding)
    {
        // Characters of four bytes at every place of a buffer.
        var rows = string.Concat(Enumerable.Range(0, 20_000).Select(i => i % 2 == 0 ? "é😀,1\n" : "b,2\n"));
        File.WriteAllText(folder.File("X.csv"), "label,t0\n" + rows, encoding);
        var dataset = DatasetReader.Read(folder.Path, "X");
        Assert.Equal(["b", "é😀"], dataset.Classes);
        Assert.Equal(20_000, dataset.Cases.Count);
        Assert.Equal("label,t0\n" + rows, TextFile.Read(folder.File("X.csv")));
    }

    [Fact]
    public void A_file_that_says_UTF_16_and_is_not_is_refused()
    {
        byte[] half = [0x00, 0xD8];
        File.WriteAllBytes(folder.File("X.csv"), [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("label,t0\n"), .. half, 0x61, 0x00]);
        Assert.Contains("expected UTF-16 text, as the first bytes of the file say, found others from here on. Save the file as UTF-8.",
            Assert.Throws<DataException>(() => DatasetReader.Read(folder.Path, "X")).Message);
    }

    [Fact]
    public void A_whole_file_is_read_or_refused_with_its_line()
    {
        File.WriteAllText(folder.File("grid.json"), "{\n// café\n}", Encoding.Latin1);
        Assert.Equal($"{folder.File("grid.json")}(2): {Advice}",
            Assert.Throws<DataException>(() => TextFile.Read(folder.File("grid.json"))).Message);
        File.WriteAllText(folder.File("empty"), "");
        Assert.Equal("", TextFile.Read(folder.File("empty")));
    }

    public static TheoryData<string, string, int> Infinite
    {
        get
        {
            var data = new TheoryData<string, string, int>();
            foreach (var value in (string[])["Infinity", "-Infinity", "1e999", "-1e999", "inf", "-inf", "∞"])
            {
                data.Add("X_TRAIN.ts", $"@classLabel true a\n@data\n1,{value}:a\n", 3);
                data.Add("X_TRAIN.ts", $"@timeStamps true\n@classLabel true a\n@data\n(0,1),(1,{value}):a\n", 4);
                data.Add("X_TRAIN.tsv", $"a\t1\na\t{value}\n", 2);
                data.Add("X_TRAIN.txt", $"a 1\na {value}\n", 2);
                data.Add("X_TRAIN.arff", $"@attribute a numeric\n@attribute c {{p}}\n@data\n{value},p\n", 4);
                data.Add("X.csv", $"label,t0\na,{value}\n", 2);
                data.Add("X.csv", $"id,channel,time,value,label\n1,x,0,{value},a\n", 2);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Infinite))]
    public void An_infinite_value_is_refused_with_its_line_in_every_format(string name, string content, int line)
    {
        File.WriteAllText(folder.File(name), content);
        var message = Assert.Throws<DataException>(() => DatasetReader.Read(folder.Path, "X")).Message;
        Assert.Matches($@"^{name}\({line}\): expected a (finite )?number in channel '?[0x]'? at time", message);
    }

    [Theory]
    [InlineData(".ts", "@classLabel true a b\n@data\n1:a\n2:b\n", "@classLabel true a b\n@data\n", 2)]
    [InlineData(".ts", "@classLabel true a b\n@data\n1:a\n2:b\n", "", 1)]
    [InlineData(".tsv", "a\t1\nb\t2\n", "", 1)]
    [InlineData(".txt", "a 1\nb 2\n", "\n\n", 2)]
    [InlineData(".arff", "@attribute t numeric\n@attribute c {a,b}\n@data\n1,a\n2,b\n", "@attribute t numeric\n@attribute c {a,b}\n@data\n", 3)]
    [InlineData(".csv", "label,t\na,1\nb,2\n", "label,t\n", 1)]
    [InlineData(".csv", "id,channel,time,value,label\n1,x,0,1,a\n", "id,channel,time,value,label\n", 1)]
    public void A_file_without_cases_is_refused_with_its_line_for_training_and_for_test(string type, string cases, string none, int line)
    {
        File.WriteAllText(folder.File("X_TRAIN" + type), cases);
        File.WriteAllText(folder.File("X_TEST" + type), none);
        Assert.StartsWith($"X_TEST{type}({line}): expected ", Assert.Throws<DataException>(() => DatasetReader.Read(folder.Path, "X")).Message);
        File.WriteAllText(folder.File("X_TRAIN" + type), none);
        Assert.StartsWith($"X_TRAIN{type}({line}): expected ", Assert.Throws<DataException>(() => DatasetReader.Read(folder.Path, "X")).Message);
    }

    [Theory]
    [InlineData("X_TRAIN.ts", "@classLabel true\n@data\n1:a\n", 1)]
    [InlineData("X_TRAIN.ts", "@classLabel false\n@data\n1\n", 1)]
    [InlineData("X_TRAIN.ts", "# none\n@data\n1\n", 2)]
    [InlineData("X_TRAIN.tsv", "\t1\t2\n", 1)]
    [InlineData("X_TRAIN.arff", "@attribute t numeric\n@attribute c {}\n@data\n1,a\n", 2)]
    [InlineData("X_TRAIN.arff", "@attribute t numeric\n@data\n1\n", 2)]
    [InlineData("X_TRAIN.csv", "t0,t1\n1,2\n", 1)]
    [InlineData("X_TRAIN.csv", "label,t1\n,2\n", 2)]
    public void A_file_without_classes_is_refused_with_its_line(string name, string content, int line)
    {
        File.WriteAllText(folder.File(name), content);
        Assert.StartsWith($"{name}({line}): expected ", Assert.Throws<DataException>(() => DatasetReader.Read(folder.Path, "X")).Message);
    }

    public void Dispose() => folder.Dispose();
}
