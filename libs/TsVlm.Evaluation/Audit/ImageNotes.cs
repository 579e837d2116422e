using System.Buffers.Binary;
using System.Text;

namespace TsVlm.Evaluation.Audit;

/// <summary>What a PNG says beside its pixels.</summary>
internal static class ImageNotes
{
    private const int SignatureLength = 8;
    private const int FrameLength = 12;   // length, type and checksum of a chunk

    /// <summary>Types of the chunks that hold text or camera data (PNG specification, sections 11.3.3 and 11.3.7).</summary>
    public static IReadOnlyList<string> Of(byte[] png)
    {
        var found = new List<string>();
        for (var at = SignatureLength; at + FrameLength <= png.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            var type = Encoding.ASCII.GetString(png, at + 4, 4);
            if (type is "tEXt" or "zTXt" or "iTXt" or "eXIf") found.Add(type);
            if (length > png.Length) break;
            at += FrameLength + (int)length;
        }
        return found;
    }
}
