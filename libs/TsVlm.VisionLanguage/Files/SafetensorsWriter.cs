using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Files;

/// <summary>Writes .safetensors files, byte for byte the same for the same tensors.</summary>
public static class SafetensorsWriter
{
    /// <summary>
    /// Writes the tensors, wider types first and then by name, so that each is aligned to its type; a half-written file never has the final
    /// name.
    /// </summary>
    /// <exception cref="ArgumentException">A tensor has a type that the format does not know, or more than 2 GiB.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var scope = NewDisposeScope();
        var ordered = tensors.Select(
            pair => (Name: pair.Key, Tensor: pair.Value.detach().cpu().contiguous(), Type: TypeName(pair.Key, pair.Value)))
            .OrderByDescending(entry => entry.Tensor.ElementSize).ThenBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        var temporary = string.Create(CultureInfo.InvariantCulture, $"{path}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(Header(ordered));
                foreach (var entry in ordered)
                    if (entry.Tensor.NumberOfElements > 0) file.Write(entry.Tensor.bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    // 8 bytes of length, then JSON, filled with spaces to a multiple of 8 bytes.
    private static byte[] Header(List<(string Name, Tensor Tensor, string Type)> tensors)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            var begin = 0L;
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");   // transformers refuses a file without it
            json.WriteEndObject();
            foreach (var (name, tensor, type) in tensors)
            {
                var end = begin + (tensor.NumberOfElements * tensor.ElementSize);
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                WriteList(json, "shape", tensor.shape);
                WriteList(json, "data_offsets", [begin, end]);
                json.WriteEndObject();
                begin = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        var header = new byte[8 + buffer.Length];
        BinaryPrimitives.WriteInt64LittleEndian(header, buffer.Length);
        buffer.ToArray().CopyTo(header, 8);
        return header;
    }

    private static void WriteList(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static string TypeName(string name, Tensor tensor)
    {
        if (tensor.NumberOfElements * tensor.ElementSize > int.MaxValue)
            throw new ArgumentException($"Tensor {name}: expected at most 2 GiB, found shape ({string.Join(", ", tensor.shape)}).",
                nameof(tensor));
        return tensor.dtype switch
        {
            ScalarType.Float64 => "F64", ScalarType.Float32 => "F32", ScalarType.Float16 => "F16", ScalarType.BFloat16 => "BF16",
            ScalarType.Int64 => "I64", ScalarType.Int32 => "I32", ScalarType.Int16 => "I16", ScalarType.Int8 => "I8",
            ScalarType.Byte => "U8", ScalarType.Bool => "BOOL",
            _ => throw new ArgumentException($"Tensor {name}: expected a type that .safetensors has, found {tensor.dtype}.",
                nameof(tensor)),
        };
    }
}
