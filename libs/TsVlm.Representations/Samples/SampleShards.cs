using System.Formats.Tar;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TsVlm.Contracts;
using TsVlm.Representations.Fitting;

namespace TsVlm.Representations.Samples;

/// <summary>
/// The samples of a split in tar files of many samples each, SPLIT-000000.tar and so on: for each sample CASE.json and, where it has an
/// image, CASE.png. The last entry of a file says how many samples it holds and whether it is the last file, so that a cut or lost file is
/// noticed.
/// The bytes depend on the samples alone. Both directions hold one sample at a time.
/// </summary>
public static class SampleShards
{
    private const string EndEntry = "shard.json";

    /// <summary>Writes the samples in their order; a split without samples is one file that says so.</summary>
    public static void Write(string folder, string split, IEnumerable<Sample> samples, int samplesPerShard = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samplesPerShard, 1);
        Directory.CreateDirectory(folder);
        using var source = samples.GetEnumerator();
        var more = source.MoveNext();
        for (var shard = 0; shard == 0 || more; shard++)
        {
            using var tar = new TarWriter(File.Create(ShardPath(folder, split, shard)), TarEntryFormat.Ustar);
            var count = 0;
            for (; more && count < samplesPerShard; more = source.MoveNext(), count++) WriteSample(tar, source.Current);
            ShardEntries.Write(tar, EndEntry, JsonSerializer.SerializeToUtf8Bytes(new ShardEnd(count, !more), ContractJson.Compact));
        }
    }

    /// <summary>Reads the samples in the order they were written.</summary>
    /// <exception cref="RepresentationException">
    /// A file is lost, cut or damaged; the message names file and entry. Thrown while enumerating.
    /// </exception>
    public static IEnumerable<Sample> Read(string folder, string split)
    {
        var isLast = false;
        for (var shard = 0; !isLast; shard++)
        {
            var path = ShardPath(folder, split, shard);
            if (!File.Exists(path))
                throw new RepresentationException($"{path}: expected a file of samples, found none; make the samples again.");
            using var tar = new TarReader(File.OpenRead(path));
            var (count, entry) = (0, ShardEntries.Next(tar, path, previous: null));
            for (; entry.Name != EndEntry; count++)
            {
                var text = ShardEntries.Parse<SampleText>(entry, path);
                byte[]? image = null;
                if (text.Prompt.Contains(ConversationTemplate.ImageToken, StringComparison.Ordinal))
                {
                    var name = Path.ChangeExtension(entry.Name, ".png");
                    var next = ShardEntries.Next(tar, path, entry.Name);
                    entry = next.Name == name ? next : throw ShardEntries.Damaged(path, entry.Name, $"{name}, found {next.Name}");
                    image = entry.Content;
                }
                yield return new Sample(text.Case, new SampleInput(text.Prompt, image, text.DownsamplingFactor)
                    { Images = text.Images ?? SampleImages.One, Statistics = text.Statistics },
                    text.Answer) { Rationale = text.Rationale };
                entry = ShardEntries.Next(tar, path, entry.Name);
            }
            var end = ShardEntries.Parse<ShardEnd>(entry, path);
            if (end.NumSamples != count) throw ShardEntries.Damaged(path, EndEntry, $"{end.NumSamples} samples, found {count}");
            isLast = end.IsLast;
        }
    }

    private static string ShardPath(string folder, string split, int shard) =>
        Path.Combine(folder, FormattableString.Invariant($"{split}-{shard:D6}.tar"));

    private static void WriteSample(TarWriter tar, Sample sample)
    {
        var name = sample.Case.ToString("D8", CultureInfo.InvariantCulture);
        var text = new SampleText(sample.Case, sample.Input.Prompt, sample.Answer,
            sample.Input.DownsamplingFactor)
        {
            Rationale = sample.Rationale,
            Images = sample.Input.Images == SampleImages.One ? null : sample.Input.Images,
            Statistics = sample.Input.Statistics,
        };
        ShardEntries.Write(tar, $"{name}.json", JsonSerializer.SerializeToUtf8Bytes(text, ContractJson.Compact));
        if (sample.Input.Image is { } image) ShardEntries.Write(tar, $"{name}.png", image);
    }

    private sealed record SampleText(int Case, string Prompt, string Answer, int DownsamplingFactor)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Rationale { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public SampleImages? Images { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<float>? Statistics { get; init; }
    }

    private sealed record ShardEnd(int NumSamples, bool IsLast);
}
