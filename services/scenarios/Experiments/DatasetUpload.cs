using TsVlm.Data;
using TsVlm.Data.Canonical;
using TsVlm.Data.Readers;

namespace TsVlm.Scenarios.Experiments;

/// <summary>Checks what comes from outside as a data set or as the name of one.</summary>
internal static class DatasetUpload
{
    private const int NumHexDigits = 64;

    /// <summary>The data set of a file that holds it and nothing else.</summary>
    /// <exception cref="DataException">It holds something else.</exception>
    public static Dataset Read(string path)
    {
        using var stream = File.OpenRead(path);
        var dataset = DatasetFile.Read(stream);
        return stream.Position == stream.Length
            ? dataset
            : throw new DataException(
                $"Data set file, byte {stream.Position}: expected the end, found {stream.Length - stream.Position} bytes more. Send one data set a request.");
    }

    /// <exception cref="DataException">The name could lead out of the catalog's folder.</exception>
    public static void CheckName(string name) => DatasetReader.CheckName(name);

    /// <exception cref="DataException">The text is no content hash; it could name another place of the store.</exception>
    public static void CheckHash(string contentHash)
    {
        if (contentHash.Length != NumHexDigits || !contentHash.All(char.IsAsciiHexDigitLower))
            throw new DataException($"contentHash: expected {NumHexDigits} lower-case hexadecimal digits, found '{contentHash}'.");
    }
}
