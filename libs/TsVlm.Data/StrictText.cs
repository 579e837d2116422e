using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace TsVlm.Data;

/// <summary>
/// The characters of a file in UTF-8, with or without a byte order mark, or in UTF-16 with one. Bytes that are no character end it with a
/// <see cref="Problem"/>; nothing is replaced.
/// </summary>
internal sealed class StrictText : IDisposable
{
    private static readonly Encoding[] WithMark =
        [new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true)];

    private readonly Stream stream;
    private readonly StreamReader? wide;
    private readonly byte[] bytes = new byte[32 * 1024];
    private readonly char[] chars = new char[32 * 1024];
    private int byteStart, byteEnd, charStart, charEnd;
    private bool atEnd;

    /// <summary>Takes the stream over.</summary>
    public StrictText(Stream stream)
    {
        this.stream = stream;
        while (byteEnd < 3 && !atEnd) Fill();
        var found = bytes.AsSpan(0, byteEnd);
        if (Array.Find(WithMark, encoding => bytes.AsSpan(0, byteEnd).StartsWith(encoding.Preamble)) is { } encoding)
        {
            stream.Position = 0;
            wide = new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: false);
        }
        else if (found.StartsWith(Encoding.UTF8.Preamble)) byteStart = Encoding.UTF8.Preamble.Length;
    }

    /// <summary>Why the text ends before the file does, as the rest of an error; null where it does not.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads until the buffer is full or the text ends; 0 where it has ended.</summary>
    public int Read(Span<char> buffer)
    {
        var length = 0;
        while (length < buffer.Length && (charStart < charEnd || Decode()))
        {
            var part = chars.AsSpan(charStart, Math.Min(charEnd - charStart, buffer.Length - length));
            part.CopyTo(buffer[length..]);
            charStart += part.Length;
            length += part.Length;
        }
        return length;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        wide?.Dispose();
        stream.Dispose();
    }

    /// <summary>Makes the next characters; false where there are none.</summary>
    private bool Decode()
    {
        charStart = charEnd = 0;
        if (wide is not null) return DecodeWide();
        while (Problem is null)
        {
            var status = Utf8.ToUtf16(bytes.AsSpan(byteStart, byteEnd - byteStart), chars, out var numBytes, out charEnd,
                replaceInvalidSequences: false, isFinalBlock: atEnd);
            byteStart += numBytes;
            if (charEnd > 0) return true;
            if (status is OperationStatus.InvalidData)
                Problem = $"expected UTF-8 text, found the byte 0x{bytes[byteStart]:X2}. Convert the file, for example with iconv -f latin1 -t utf-8.";
            else if (atEnd) return false;
            else Fill();
        }
        return false;
    }

    private bool DecodeWide()
    {
        try
        {
            charEnd = Problem is null ? wide!.Read(chars) : 0;
        }
        catch (DecoderFallbackException)
        {
            Problem = "expected UTF-16 text, as the first bytes of the file say, found others from here on. Save the file as UTF-8.";
        }
        return charEnd > 0;
    }

    /// <summary>Reads on behind the bytes of an unfinished character.</summary>
    private void Fill()
    {
        bytes.AsSpan(byteStart, byteEnd - byteStart).CopyTo(bytes);
        (byteStart, byteEnd) = (0, byteEnd - byteStart);
        var count = stream.Read(bytes, byteEnd, bytes.Length - byteEnd);
        atEnd = count == 0;
        byteEnd += count;
    }
}
