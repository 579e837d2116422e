namespace TsVlm.Data.Tests.Readers;

public sealed class LineReaderTests
{
    [Fact]
    public void A_line_beyond_the_bound_is_refused_before_it_fills_the_memory()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("X_TRAIN.tsv");
        using (var writer = new StreamWriter(path))
        {
            writer.Write("short\n");
            for (var i = 0; i < 200; i++) writer.Write(new string('1', 1 << 20));
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var lines = new LineReader(path, maxLineLength: 1 << 20);

        Assert.True(lines.Read());
        var error = Assert.Throws<DataException>(() => lines.Read());

        Assert.Equal("X_TRAIN.tsv(2): expected at most 1,048,576 characters in a line, found more. "
            + "Write one case a line, or check that this is a text file.", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public void Lines_are_whole_across_the_buffer_and_numbered_from_1(int length)
    {
        using var folder = new TemporaryFolder();
        string[] written = [new('a', length), "", new('b', length), "c"];
        File.WriteAllText(folder.File("x"), string.Join("\r\n", written));
        using var lines = new LineReader(folder.File("x"), maxLineLength: length + 1);

        var read = new List<string>();
        while (lines.Read()) read.Add(lines.Line.ToString());

        Assert.Equal(written, read);
        Assert.Equal(4, lines.Number);
    }
}
