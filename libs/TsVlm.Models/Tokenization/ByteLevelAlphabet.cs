using System.Text;

namespace TsVlm.Models.Tokenization;

/// <summary>
/// Bytes as printable characters (GPT-2's encoder.py, bytes_to_unicode): a byte that prints in Latin-1 is that character,
/// the others are the characters from U+0100 on, in order.
/// </summary>
internal static class ByteLevelAlphabet
{
    private static readonly char[] CharacterOf = Characters();
    private static readonly Dictionary<char, byte> ByteOf = CharacterOf.Select((c, b) => (c, b)).ToDictionary(p => p.c, p => (byte)p.b);

    /// <summary>The UTF-8 bytes of a text, one character each.</summary>
    public static string Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return string.Create(bytes.Length, bytes, (chars, source) =>
        {
            for (var i = 0; i < source.Length; i++) chars[i] = CharacterOf[source[i]];
        });
    }

    /// <summary>The bytes of a token; a token with other characters, such as an added one, is taken as plain text.</summary>
    public static IEnumerable<byte> Read(string token) =>
        token.All(ByteOf.ContainsKey) ? token.Select(c => ByteOf[c]) : Encoding.UTF8.GetBytes(token);

    private static char[] Characters()
    {
        var characters = new char[256];
        var next = (char)256;
        for (var b = 0; b < 256; b++)
            characters[b] = b is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE ? (char)b : next++;
        return characters;
    }
}
