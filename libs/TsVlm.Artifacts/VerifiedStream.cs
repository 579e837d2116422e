using System.Security.Cryptography;
using TsVlm.Contracts;

namespace TsVlm.Artifacts;

/// <summary>
/// A file of an artifact, read once from front to back; the read that would return its last byte fails where size or SHA-256 are not the
/// manifest's.
/// </summary>
/// <param name="source">The bytes as they come.</param>
/// <param name="file">What they should be.</param>
/// <param name="place">Where they come from.</param>
internal sealed class VerifiedStream(Stream source, ArtifactFile file, string place) : Stream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long done;
    private bool isVerified;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => file.Bytes;

    public override long Position { get => done; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        var count = source.Read(buffer);
        Take(buffer[..count]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        var count = await source.ReadAsync(buffer, cancellationToken);
        Take(buffer.Span[..count]);
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
            source.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Take(ReadOnlySpan<byte> read)
    {
        if (isVerified && read.IsEmpty) return;
        hash.AppendData(read);
        done += read.Length;
        if (done < file.Bytes && !read.IsEmpty) return;
        var found = Convert.ToHexStringLower(hash.GetCurrentHash());
        isVerified = done == file.Bytes && found == file.Sha256;
        if (isVerified) return;
        var size = done > file.Bytes ? $"{done} bytes or more" : $"{done} bytes";
        throw new ArtifactException($"{file.Damage(place, $"{size} with {found}")} Remove the artifact; the stage will run again.");
    }
}
