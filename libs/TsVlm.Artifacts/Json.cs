using System.Text.Json;
using TsVlm.Contracts;

namespace TsVlm.Artifacts;

/// <summary>Contract records as JSON files.</summary>
public static class Json
{
    /// <summary>Writes a record, indented.</summary>
    public static void Write<T>(string path, T value) =>
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(value, ContractJson.Indented));

    /// <summary>Reads a record.</summary>
    /// <exception cref="ArtifactException">The file is not that record.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), ContractJson.Indented)
                ?? throw new JsonException("the file holds null");
        }
        catch (JsonException error)
        {
            throw new ArtifactException($"{path}: expected {typeof(T).Name} as JSON: {error.Message}");
        }
    }
}
