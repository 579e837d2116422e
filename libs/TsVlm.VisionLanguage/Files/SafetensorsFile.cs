using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using TsVlm.Representations.Tokenization;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Files;

/// <summary>Where a tensor lies in a .safetensors file.</summary>
/// <param name="Type">Type of its numbers.</param>
/// <param name="Shape">Its shape; empty for a scalar.</param>
/// <param name="Begin">Its first byte, counted from the start of the file.</param>
/// <param name="NumBytes">Its size in bytes.</param>
public sealed record TensorLocation(ScalarType Type, IReadOnlyList<long> Shape, long Begin, long NumBytes);

/// <summary>
/// A .safetensors file open for reading: 8 bytes of header length, a JSON header, then the tensors' bytes without gaps or overlaps
/// (github.com/huggingface/safetensors, "Format"). Opening it checks the whole header against the file.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private const long LongestHeader = 100_000_000;   // the limit of the reference implementation
    private const long LargestPiece = 4 << 20;        // bytes read at once; a span of .NET ends at 2 GiB

    private static readonly Dictionary<string, ScalarType> Types = new()
    {
        ["F64"] = ScalarType.Float64, ["F32"] = ScalarType.Float32, ["F16"] = ScalarType.Float16, ["BF16"] = ScalarType.BFloat16,
        ["I64"] = ScalarType.Int64, ["I32"] = ScalarType.Int32, ["I16"] = ScalarType.Int16, ["I8"] = ScalarType.Int8,
        ["U8"] = ScalarType.Byte, ["BOOL"] = ScalarType.Bool,
    };

    private readonly SafeFileHandle handle;
    private readonly string path;

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="CheckpointException">The file is cut, or its header lies.</exception>
    public SafetensorsFile(string path)
    {
        this.path = path;
        if (!File.Exists(path)) throw new CheckpointException($"{path}: expected a .safetensors file, found no such file.");
        if (GitLfsPointer.Problem(path) is { } pointer) throw new CheckpointException(pointer);
        handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            Tensors = ReadHeader();
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Every tensor of the file under its name.</summary>
    public IReadOnlyDictionary<string, TensorLocation> Tensors { get; }

    /// <summary>Reads one tensor, in the type in which it is stored, on the CPU.</summary>
    /// <exception cref="CheckpointException">There is no such tensor.</exception>
    public Tensor Read(string name)
    {
        if (!Tensors.TryGetValue(name, out var location)) throw Error($"tensor {name}", "to be in the file", "no such tensor");
        var tensor = empty([.. location.Shape], location.Type);
        ReadInto(name, tensor);
        return tensor;
    }

    /// <summary>
    /// Reads one tensor into another of its shape, without gaps, converted to that one's type and device: on the CPU and in the same type
    /// straight into its memory, else through a piece of 4 MiB.
    /// </summary>
    /// <exception cref="CheckpointException">There is no such tensor, or the file ends in it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void ReadInto(string name, Tensor target)
    {
        if (!Tensors.TryGetValue(name, out var location)) throw Error($"tensor {name}", "to be in the file", "no such tensor");
        if (!location.Shape.SequenceEqual(target.shape))
            throw Error($"tensor {name}", $"shape [{string.Join(", ", target.shape)}]", $"[{string.Join(", ", location.Shape)}]");
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var numbers = target.view(-1);
        var isDirect = target.dtype == location.Type && target.device_type is DeviceType.CPU;
        var size = location.Type.ElementSize();
        var largest = LargestPiece / size;
        var buffer = isDirect ? null : empty([Math.Min(largest, numbers.NumberOfElements)], location.Type);
        for (var begin = 0L; begin < numbers.NumberOfElements; begin += largest)
        {
            using var part = NewDisposeScope();
            var count = Math.Min(largest, numbers.NumberOfElements - begin);
            var destination = numbers.narrow(0, begin, count);
            var piece = buffer?.narrow(0, 0, count) ?? destination;
            Fill(piece.bytes, location.Begin + (begin * size));
            if (buffer is not null) destination.copy_(piece);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private Dictionary<string, TensorLocation> ReadHeader()
    {
        var fileLength = RandomAccess.GetLength(handle);
        if (fileLength < 8) throw Error("file", "at least 8 bytes", $"{fileLength}");
        Span<byte> prefix = stackalloc byte[8];
        Fill(prefix, 0);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var longest = Math.Min(LongestHeader, fileLength - 8);
        if (headerLength > (ulong)longest)
            throw Error("header length", $"at most {longest} in a file of {fileLength} bytes", $"{headerLength}");
        var header = new byte[headerLength];
        Fill(header, 8);
        try
        {
            using var document = JsonDocument.Parse(header, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return ReadLocations(document.RootElement, 8 + (long)headerLength, fileLength);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is how System.Text.Json reports a text that is no valid UTF-8 or UTF-16.
            throw new CheckpointException($"{path}: header: expected JSON, found {error.Message}", error);
        }
    }

    private Dictionary<string, TensorLocation> ReadLocations(JsonElement header, long dataBegin, long fileLength)
    {
        if (header.ValueKind != JsonValueKind.Object) throw Error("header", "a JSON object", $"{header.ValueKind}");
        var tensors = new Dictionary<string, TensorLocation>(StringComparer.Ordinal);
        foreach (var property in header.EnumerateObject().Where(property => property.Name != "__metadata__"))
            tensors.Add(property.Name, ReadLocation(property.Name, property.Value, dataBegin, fileLength));
        var expected = dataBegin;
        foreach (var (name, tensor) in tensors.OrderBy(pair => pair.Value.Begin).ThenBy(pair => pair.Value.NumBytes))
        {
            if (tensor.Begin != expected)
                throw Error($"tensor {name}", $"to begin where the one before it ends, at {expected - dataBegin}",
                    $"{tensor.Begin - dataBegin}");
            expected += tensor.NumBytes;
        }
        if (expected != fileLength) throw Error("file", $"to end with its last tensor, at byte {expected}", $"{fileLength} bytes");
        return tensors;
    }

    private TensorLocation ReadLocation(string name, JsonElement entry, long dataBegin, long fileLength)
    {
        var tensor = $"tensor {name}";
        if (entry.ValueKind != JsonValueKind.Object) throw Error(tensor, "dtype, shape and data_offsets", $"{entry.ValueKind}");
        if (!entry.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !Types.TryGetValue(dtype.GetString()!, out var type))
            throw Error(tensor, $"dtype {string.Join(", ", Types.Keys)}", entry.GetRawText());
        var shape = WholeNumbers(entry, "shape", tensor);
        var offsets = WholeNumbers(entry, "data_offsets", tensor);
        var length = fileLength - dataBegin;
        if (offsets.Length != 2 || offsets[0] > offsets[1] || offsets[1] > length)
            throw Error(tensor, $"data_offsets of a begin and an end within {length} bytes of data", $"[{string.Join(", ", offsets)}]");
        var numBytes = shape.Aggregate(new BigInteger(type.ElementSize()), (product, size) => product * size);
        if (numBytes != offsets[1] - offsets[0])
            throw Error(tensor, $"{numBytes} bytes for shape [{string.Join(", ", shape)}] of {dtype.GetString()}",
                $"{offsets[1] - offsets[0]}");
        return new TensorLocation(type, shape, dataBegin + offsets[0], offsets[1] - offsets[0]);
    }

    private long[] WholeNumbers(JsonElement entry, string key, string tensor)
    {
        if (!entry.TryGetProperty(key, out var list) || list.ValueKind != JsonValueKind.Array)
            throw Error(tensor, $"{key}, a list", entry.GetRawText());
        return [.. list.EnumerateArray()
            .Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var number) && number >= 0
            ? number : throw Error(tensor, $"{key} of whole numbers from 0", list.GetRawText()))];
    }

    private void Fill(Span<byte> target, long offset)
    {
        while (target.Length > 0)
        {
            var count = RandomAccess.Read(handle, target, offset);
            if (count == 0) throw Error("file", $"{target.Length} more bytes at {offset}", "its end");
            target = target[count..];
            offset += count;
        }
    }

    private CheckpointException Error(string what, string expected, string found) =>
        new($"{path}: {what}: expected {expected}, found {found}.");
}
