using System.Security.Cryptography;
using System.Text.Json;

namespace TsVlm.Contracts;

/// <summary>Names content by its SHA-256, so that equal content has an equal name everywhere.</summary>
public static class ContentHash
{
    /// <summary>Lower-case hexadecimal SHA-256 of the value's canonical JSON.</summary>
    public static string Of<T>(T value) => Of(JsonSerializer.SerializeToUtf8Bytes(value, ContractJson.Compact));

    /// <summary>Lower-case hexadecimal SHA-256 of the bytes.</summary>
    public static string Of(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Lower-case hexadecimal SHA-256 of the rest of the stream.</summary>
    public static string Of(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));
}
