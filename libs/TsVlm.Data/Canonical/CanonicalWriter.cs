using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TsVlm.Data.Canonical;

/// <summary>Writes the elements of <see cref="DatasetFile"/> and hashes what it writes.</summary>
internal sealed class CanonicalWriter(Stream stream) : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] buffer = new byte[sizeof(int)];

    /// <summary>What a file starts with: the kind and its version.</summary>
    public static ReadOnlySpan<byte> MagicBytes => "TSVLMDS1"u8;

    /// <summary>The same of a file that says more of the classes than their names.</summary>
    public static ReadOnlySpan<byte> MagicBytesWithClasses => "TSVLMDS2"u8;

    /// <summary>The magic.</summary>
    public void Magic(bool saysMore) => Bytes(saysMore ? MagicBytesWithClasses : MagicBytes);

    /// <summary>An int32.</summary>
    public void Count(int count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer, count);
        Bytes(buffer.AsSpan(0, sizeof(int)));
    }

    /// <summary>A text.</summary>
    public void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Count(bytes.Length);
        Bytes(bytes);
    }

    /// <summary>A list of texts.</summary>
    public void Texts(IReadOnlyCollection<string> texts)
    {
        Count(texts.Count);
        foreach (var text in texts) Text(text);
    }

    /// <summary>Values without their number.</summary>
    public void Values(ReadOnlySpan<double> values)
    {
        var size = values.Length * sizeof(double);
        if (buffer.Length < size) buffer = new byte[size];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(buffer.AsSpan(i * sizeof(double)), double.IsNaN(values[i]) ? double.NaN : values[i]);
        Bytes(buffer.AsSpan(0, size));
    }

    /// <summary>SHA-256 of all bytes so far; starts anew.</summary>
    public byte[] Hash() => hash.GetHashAndReset();

    /// <summary>The checksum of all bytes so far.</summary>
    public void Checksum() => stream.Write(Hash());

    /// <inheritdoc />
    public void Dispose() => hash.Dispose();

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        stream.Write(bytes);
    }
}
