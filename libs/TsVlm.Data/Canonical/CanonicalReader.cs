using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace TsVlm.Data.Canonical;

/// <summary>
/// Reads the elements of <see cref="DatasetFile"/>. Memory grows with the bytes that are there, never with a number a damaged file gives.
/// </summary>
internal sealed class CanonicalReader(Stream stream) : IDisposable
{
    private const int MaxTextBytes = 1024 * 1024;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[64 * 1024];
    private long position;

    /// <summary>The magic; true where the file says more of the classes than their names.</summary>
    public bool Magic()
    {
        var found = Bytes(CanonicalWriter.MagicBytes.Length);
        if (found.SequenceEqual(CanonicalWriter.MagicBytesWithClasses)) return true;
        if (!found.SequenceEqual(CanonicalWriter.MagicBytes))
            throw Error("expected a data set in canonical form (TSVLMDS1 or TSVLMDS2), found other bytes",
                "This is another kind of file or another version of it");
        return false;
    }

    /// <summary>An int32 from 0 to <paramref name="max"/>.</summary>
    public int Count(int max, string what)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));
        return count >= 0 && count <= max ? count : throw Error($"expected 0 to {max} as {what}, found {count}", "The file is damaged");
    }

    /// <summary>A text.</summary>
    public string Text(string what)
    {
        var bytes = new byte[Count(MaxTextBytes, $"bytes of {what}")];
        for (var done = 0; done < bytes.Length;)
        {
            var part = Bytes(Math.Min(buffer.Length, bytes.Length - done));
            part.CopyTo(bytes.AsSpan(done));
            done += part.Length;
        }
        if (Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        Utf8.ToUtf16(bytes, new char[bytes.Length], out var numRead, out _, replaceInvalidSequences: false);
        throw ErrorAt(position - bytes.Length + numRead, $"expected {what} in UTF-8, found the byte 0x{bytes[numRead]:X2}. "
            + "Write the text in UTF-8.");
    }

    /// <summary>A list of texts.</summary>
    public List<string> Texts(string what, string many)
    {
        var count = Count(int.MaxValue, $"number of {many}");
        var texts = new List<string>();
        while (texts.Count < count) texts.Add(Text($"{what} {texts.Count}"));
        return texts;
    }

    /// <summary>That many values, each finite or NaN.</summary>
    public double[] Values(int count, string what)
    {
        var values = new List<double>(Math.Min(count, buffer.Length / sizeof(double)));
        while (values.Count < count)
        {
            var part = Bytes(Math.Min(buffer.Length, checked((count - values.Count) * (long)sizeof(double))));
            for (var i = 0; i < part.Length; i += sizeof(double)) values.Add(BinaryPrimitives.ReadDoubleLittleEndian(part[i..]));
        }
        var infinite = CollectionsMarshal.AsSpan(values).IndexOfAny(double.PositiveInfinity, double.NegativeInfinity);
        if (infinite >= 0)
            throw ErrorAt(position - ((count - infinite) * (long)sizeof(double)), $"expected a finite number in {what} at time step {infinite}, "
                + $"or NaN for a missing one, found {values[infinite].ToString(CultureInfo.InvariantCulture)}. Replace it.");
        return [.. values];
    }

    /// <summary>The checksum of all bytes so far.</summary>
    public void Checksum()
    {
        var expected = hash.GetHashAndReset();
        if (!Bytes(expected.Length).SequenceEqual(expected))
            throw Error("expected the checksum of the content, found another", "The file is damaged");
    }

    /// <summary>An error at the current byte.</summary>
    public DataException Error(string message, string cause) => ErrorAt(position, $"{message}. {cause}; make it again from the data set.");

    private static DataException ErrorAt(long at, string message) => new($"Data set file, byte {at}: {message}");

    /// <inheritdoc />
    public void Dispose() => hash.Dispose();

    private ReadOnlySpan<byte> Bytes(long count)
    {
        var bytes = buffer.AsSpan(0, (int)count);
        stream.ReadExactly(bytes);
        hash.AppendData(bytes);
        position += count;
        return bytes;
    }
}
