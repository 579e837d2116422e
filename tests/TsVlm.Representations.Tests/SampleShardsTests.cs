using TsVlm.Representations.Samples;
using TsVlm.Tests;

namespace TsVlm.Representations.Tests;

public class SampleShardsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    public void Samples_come_back_as_written_and_the_bytes_are_the_same_each_time(int count)
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var samples = Made(count).ToArray();
        SampleShards.Write(folder.Path, "train", samples, samplesPerShard: 2);
        SampleShards.Write(other.Path, "train", samples, samplesPerShard: 2);

        var read = SampleShards.Read(folder.Path, "train").ToArray();
        Assert.Equal(count, read.Length);
        foreach (var (expected, found) in samples.Zip(read))
        {
            Assert.Equal(expected with { Input = found.Input }, found);
            Assert.Equal(expected.Input with { Image = found.Input.Image }, found.Input);
            Assert.Equal(expected.Input.Image, found.Input.Image);
        }
        Assert.Equal(Math.Max(1, (count + 1) / 2), Directory.GetFiles(folder.Path).Length);
        foreach (var path in Directory.GetFiles(folder.Path))
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(other.File(Path.GetFileName(path))));
    }

    [Fact]
    public void A_lost_file_is_an_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder.Path, "train", Made(5), samplesPerShard: 2);
        File.Delete(folder.File("train-000002.tar"));
        Assert.Contains("train-000002.tar", Error(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void A_cut_file_is_an_error_that_names_file_and_entry(double share)
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder.Path, "train", Made(6));
        var path = folder.File("train-000000.tar");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(int)(bytes.Length * share)]);
        Assert.Matches(@"train-000000\.tar, (at its start|at or after entry 0000)", Error(folder));
    }

    [Fact]
    public void Damaged_json_is_an_error_that_names_its_entry()
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder.Path, "train", Made(1));
        var path = folder.File("train-000000.tar");
        var bytes = File.ReadAllBytes(path);
        bytes[512] = (byte)'!';                                          // the first entry's content follows its header of 512 bytes
        File.WriteAllBytes(path, bytes);
        Assert.Contains("entry 00000000.json: expected JSON", Error(folder), StringComparison.Ordinal);
    }

    private static string Error(TemporaryFolder folder) =>
        Assert.Throws<RepresentationException>(() => SampleShards.Read(folder.Path, "train").Count()).Message;

    private static IEnumerable<Sample> Made(int count) => Enumerable.Range(0, count).Select(i => i % 2 == 0
        ? new Sample(i, new SampleInput($"USER: <image>\nq{i} ASSISTANT:", [.. Enumerable.Range(0, 700).Select(b => (byte)(b * i))], 3),
            $"ä{i}")
        : new Sample(i, new SampleInput($"USER: q{i} ASSISTANT:", null, 1), "b"));
}
