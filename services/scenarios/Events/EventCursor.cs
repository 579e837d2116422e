using System.Buffers.Text;
using System.Globalization;
using System.IO.Compression;

namespace TsVlm.Scenarios;

/// <summary>
/// How much of an experiment a reader of its events has been told: of each run, how many of its stages' ends. It is the id of an event, so a
/// reader that comes back goes on from there at any replica, and nothing is kept for it. Runs that were revived since are told again.
/// </summary>
internal sealed class EventCursor
{
    private const string End = "end";
    private const int RunsPerByte = 4;
    private readonly byte[] numTold;
    private readonly int[] generations;

    private EventCursor(int count) => (numTold, generations) = (new byte[count], new int[count]);

    /// <summary>Whether the reader was told that the experiment ended.</summary>
    public bool KnowsEnd { get; private init; }

    /// <summary>The cursor that an event's id names, or one of a reader who knows nothing where it names none of these runs as they are now.</summary>
    public static EventCursor Of(string? id, IReadOnlyList<RunProgress> runs)
    {
        var parts = id?.Split('.') ?? [];
        var isKnown = parts.Length is 2 or 3 && parts[0] == GenerationsOf(runs) && Unpack(parts[1], runs.Count) is not null;
        var cursor = new EventCursor(runs.Count) { KnowsEnd = isKnown && parts.Length == 3 && parts[2] == End };
        if (isKnown) Unpack(parts[1], runs.Count)!.CopyTo(cursor.numTold, 0);
        for (var i = 0; i < runs.Count; i++) cursor.generations[i] = runs[i].Generation;
        return cursor;
    }

    /// <summary>The stages of a run whose end the reader has not been told yet.</summary>
    public IReadOnlyList<StageState> NewlyEnded(int index, RunProgress run)
    {
        var ended = run.EndedStages;
        // A run that was revived, or whose artifact is gone, begins anew.
        if (run.Generation != generations[index] || ended.Count < numTold[index]) (generations[index], numTold[index]) = (run.Generation, 0);
        return [.. ended.Skip(numTold[index])];
    }

    /// <summary>The reader is told of every stage of the run that has ended.</summary>
    public void Tell(int index, RunProgress run) => numTold[index] = (byte)run.EndedStages.Count;

    /// <summary>The id of an event after which the reader knows this much.</summary>
    public string Id(IReadOnlyList<RunProgress> runs, bool atEnd = false) => $"{GenerationsOf(runs)}.{Pack()}{(atEnd ? $".{End}" : "")}";

    private static string GenerationsOf(IReadOnlyList<RunProgress> runs) => runs.Sum(run => (long)run.Generation).ToString(CultureInfo.InvariantCulture);

    private string Pack()
    {
        var bits = new byte[(numTold.Length + RunsPerByte - 1) / RunsPerByte];
        for (var i = 0; i < numTold.Length; i++) bits[i / RunsPerByte] |= (byte)(numTold[i] << 2 * (i % RunsPerByte));
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(bits);
        return Base64Url.EncodeToString(packed.ToArray());
    }

    /// <summary>Reads as many bytes as there must be and no more, whatever the text would unpack to.</summary>
    private static byte[]? Unpack(string text, int count)
    {
        try
        {
            var bits = new byte[(count + RunsPerByte - 1) / RunsPerByte];
            using var deflate = new DeflateStream(new MemoryStream(Base64Url.DecodeFromChars(text)), CompressionMode.Decompress);
            if (deflate.ReadAtLeast(bits, bits.Length, throwOnEndOfStream: false) < bits.Length || deflate.ReadByte() >= 0) return null;
            return [.. Enumerable.Range(0, count).Select(i => (byte)(bits[i / RunsPerByte] >> 2 * (i % RunsPerByte) & 3))];
        }
        catch (Exception error) when (error is FormatException or InvalidDataException)
        {
            return null;
        }
    }
}
