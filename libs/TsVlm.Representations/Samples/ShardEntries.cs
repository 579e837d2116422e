using System.Formats.Tar;
using System.Text.Json;
using TsVlm.Contracts;

namespace TsVlm.Representations.Samples;

/// <summary>One file within a shard.</summary>
internal sealed record ShardEntry(string Name, byte[] Content);

/// <summary>Writes and reads the files within one shard; what is not as written is an error that names shard and entry.</summary>
internal static class ShardEntries
{
    private const UnixFileMode ReadableByAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // Owner, mode and time are fixed, so that the bytes depend on the content alone.
    public static void Write(TarWriter tar, string name, byte[] content)
    {
        using var data = new MemoryStream(content, writable: false);
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            Mode = ReadableByAll,
            ModificationTime = DateTimeOffset.UnixEpoch,
            DataStream = data,
        });
    }

    public static ShardEntry Next(TarReader tar, string shard, string? previous)
    {
        try
        {
            var entry = tar.GetNextEntry() ?? throw Damaged(shard, previous, "another entry, found the end of the file");
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            if (content.Length != entry.Length) throw Damaged(shard, entry.Name, $"{entry.Length} bytes, found {content.Length}");
            return new ShardEntry(entry.Name, content.ToArray());
        }
        catch (Exception cause) when (cause is IOException or InvalidDataException or FormatException)
        {
            throw Damaged(shard, previous, "another entry, found bytes that are none", cause);
        }
    }

    public static T Parse<T>(ShardEntry entry, string shard)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(entry.Content, ContractJson.Compact)
                ?? throw Damaged(shard, entry.Name, "an object, found null");
        }
        catch (JsonException cause)
        {
            throw Damaged(shard, entry.Name, $"JSON of a {typeof(T).Name}, found other text ({cause.Message})", cause);
        }
    }

    public static RepresentationException Damaged(string shard, string? entry, string expected, Exception? cause = null) =>
        new($"{shard}, {(entry is null ? "at its start" : $"at or after entry {entry}")}: expected {expected}; make the samples again.",
            cause);
}
