using TsVlm.Data;
using TsVlm.Representations.Rationales;
using TsVlm.Tests;

namespace TsVlm.Representations.Tests.Rationales;

public sealed class RationaleFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private static readonly Dataset Set =
        new("S", ["a", "b"], [.. "aabb".Select(c => new LabelledSeries(Samples.Wave(5), $"{c}"))], [new(Samples.Wave(5), "a")], []);
    private static readonly DatasetSplit Split = new([0, 1, 2], [3], [4], []);

    [Fact]
    public void A_file_is_read_as_it_was_written()
    {
        var file = new RationaleFile([new("S", 0, "a", "rises, then \"falls\"", true), new("S", 2, "b", "", false)]);
        File.WriteAllText(folder.File("r.csv"), file.Text);
        var read = RationaleFile.Read(folder.File("r.csv"));
        Assert.Equal(file.Text, read.Text);
        Assert.Equal(file.Hash, read.Hash);
        Assert.Equal("rises, then \"falls\"", Assert.Single(read.Of(Set, Split)).Value);
    }

    [Fact]
    public void A_file_for_people_is_escaped_and_read_as_the_same_file()
    {
        var set = new Dataset("S", ["+", "-1"], [new(Samples.Wave(5), "+"), new(Samples.Wave(5), "-1")], [], []);
        var file = new RationaleFile([new("S", 0, "+", "- it \"rises\", then '=' falls", true), new("S", 1, "-1", "'- quoted", true)]);
        Assert.Equal("dataset,case,class,rationale,accepted\n\"S\",\"0\",\"'+\",\"'- it \"\"rises\"\", then '=' falls\",\"yes\"\n"
            + "\"S\",\"1\",\"-1\",\"''- quoted\",\"yes\"\n", file.EscapedText);
        foreach (var text in (string[])[file.EscapedText, file.Text])
        {
            File.WriteAllText(folder.File("r.csv"), text);
            var read = RationaleFile.Read(folder.File("r.csv"));
            Assert.Equal(file.Hash, read.Hash);
            Assert.Equal(file.Rationales.Select(r => r.Text), read.Of(set, new([0, 1], [], [], [])).Values);
        }
        // As a spreadsheet saves it.
        Assert.Single(Read("S,0,'+,rises,yes").Of(set, new([0, 1], [], [], [])));
    }

    [Fact]
    public void A_file_in_another_encoding_is_refused_with_its_line()
    {
        File.WriteAllText(folder.File("r.csv"), "dataset,case,class,rationale,accepted\nS,0,a,tombé,yes\n", System.Text.Encoding.Latin1);
        Assert.Equal("r.csv(2): expected UTF-8 text, found the byte 0xE9. Convert the file, for example with iconv -f latin1 -t utf-8.",
            Assert.Throws<DataException>(() => RationaleFile.Read(folder.File("r.csv"))).Message);
    }

    [Fact]
    public void The_column_accepted_may_be_empty_or_in_any_spelling()
    {
        var file = Read("S,0,a,one,\nS,1,a,two,YES\nS,2,b,three,No");
        Assert.Equal(["one", "two"], file.Of(Set, Split).Values);
    }

    [Theory]
    [InlineData("S,0,a,why,maybe", "r.csv(2): expected accepted to be yes, no, or empty for yes, found 'maybe'")]
    [InlineData("S,x,a,why,yes", "r.csv(2)")]
    [InlineData("S,0,a,why,yes\nS,0,a,again,yes", "r.csv(3): expected one rationale a case")]
    [InlineData("S,0,a,why,yes\nS,4,a,why,yes", "r.csv(3): expected a case of the training split of S (3 cases), found case 4")]
    [InlineData("S,3,b,why,no", "r.csv(2): expected a case of the training split")]
    [InlineData("S,99,b,why,no", "r.csv(2): expected a case of the training split")]
    [InlineData("S,0,b,why,yes", "r.csv(2): expected class a of case 0 of S, found b")]
    [InlineData("T,0,a,why,yes", "expected some of S, found them of T")]
    public void A_file_that_does_not_belong_is_refused_with_its_line(string lines, string expected) =>
        Assert.Contains(expected, Assert.Throws<DataException>(() => Read(lines).Of(Set, Split)).Message);

    public void Dispose() => folder.Dispose();

    private RationaleFile Read(string lines)
    {
        File.WriteAllText(folder.File("r.csv"), $"dataset,case,class,rationale,accepted\n{lines}\n");
        return RationaleFile.Read(folder.File("r.csv"));
    }
}
