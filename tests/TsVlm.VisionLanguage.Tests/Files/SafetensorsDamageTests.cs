using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Tests.Architecture;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Files;

/// <summary>
/// Files from random headers, cut files and files with changed bytes: each is read rightly or refused, never read out of bounds.
/// </summary>
[Collection(TorchTests.Name)]
public sealed class SafetensorsDamageTests : IDisposable
{
    private const int NumMutations = 100_000;
    private static readonly (string Name,
        int Size)[] Types = [("F64", 8), ("F32", 4), ("F16", 2), ("BF16", 2), ("I64", 8), ("I32", 4), ("I16", 2), ("I8", 1), ("U8", 1),
            ("BOOL", 1)];

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Random_headers_that_tell_the_truth_are_read_and_every_lie_about_a_tensor_is_refused()
    {
        var random = new Random(1);
        for (var number = 0; number < 1000; number++)
        {
            var tensors = RandomTensors(random);
            var data = new byte[tensors.Sum(tensor => tensor.End - tensor.Begin)];
            // Any byte is a number of any type but of bool, where only 0 and 1 are.
            for (var i = 0; i < data.Length; i++) data[i] = (byte)random.Next(2);
            var path = Write(tensors, data);
            using (var file = new SafetensorsFile(path))
            {
                Assert.Equal(tensors.Select(tensor => tensor.Name)
                    .Order(StringComparer.Ordinal), file.Tensors.Keys.Order(StringComparer.Ordinal));
                foreach (var tensor in tensors)
                {
                    using var read = file.Read(tensor.Name);
                    Assert.Equal(tensor.Shape, read.shape);
                    if (tensor.End > tensor.Begin)
                        Assert.True(read.bytes.SequenceEqual(data.AsSpan(tensor.Begin, tensor.End - tensor.Begin)), tensor.Name);
                }
            }
            if (tensors.Count == 0) continue;
            var at = random.Next(tensors.Count);
            var one = tensors[at];
            tensors[at] = (number % 4) switch
            {
                0 => one with { Begin = one.Begin + 1 },
                1 => one with { End = one.End + 1 },
                2 => one with { Shape = [.. one.Shape, 2 + random.Next(9)], End = one.End + (one.End > one.Begin ? 0 : 1) },
                // An empty tensor may lie anywhere between two others.
                _ => one with { Begin = one.Begin + (one.End > one.Begin ? 1 : 0), End = one.End + 1 },
            };
            Assert.Throws<CheckpointException>(() => new SafetensorsFile(Write(tensors, data)));
        }
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_refused()
    {
        var whole = Good();
        using var stream = Open(whole);
        for (var length = whole.Length - 1; length >= 0; length--)
        {
            stream.SetLength(length);
            Assert.Throws<CheckpointException>(() => new SafetensorsFile(stream.Name));
        }
    }

    [Fact]
    public void A_hundred_thousand_changed_files_each_give_an_error_or_the_right_numbers()
    {
        var whole = Good();
        var headerEnd = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(whole);
        using var stream = Open(whole);
        var random = new Random(2);
        var (numRefused, numRead) = (0, 0);
        for (var number = 0; number < NumMutations; number++)
        {
            var bytes = Mutate(whole, headerEnd, random);
            stream.SetLength(bytes.Length);
            stream.Position = 0;
            stream.Write(bytes);
            if (IsRead(stream.Name, bytes)) numRead++;
            else numRefused++;
        }
        Assert.Equal(NumMutations, numRefused + numRead);
        Assert.InRange(numRefused, 20_000, NumMutations);
        Assert.InRange(numRead, 5_000, NumMutations);
    }

    private static bool IsRead(string path, byte[] bytes)
    {
        try
        {
            using var scope = NewDisposeScope();
            using var file = new SafetensorsFile(path);
            var end = 8 + BinaryPrimitives.ReadInt64LittleEndian(bytes);
            foreach (var (name, location) in file.Tensors.OrderBy(pair => pair.Value.Begin).ThenBy(pair => pair.Value.NumBytes))
            {
                Assert.Equal(end, location.Begin);
                end += location.NumBytes;
                var tensor = file.Read(name);
                Assert.Equal(location.Shape, tensor.shape);
                Assert.Equal(location.NumBytes, tensor.NumberOfElements * tensor.ElementSize);
                if (location.NumBytes > 0)
                    Assert.True(tensor.bytes.SequenceEqual(bytes.AsSpan((int)location.Begin, (int)location.NumBytes)));
            }
            Assert.Equal(bytes.Length, end);
            return true;
        }
        catch (CheckpointException error)
        {
            Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
            return false;
        }
    }

    private static byte[] Mutate(byte[] whole, int headerEnd, Random random)
    {
        var bytes = whole.ToArray();
        for (var changes = random.Next(3); changes >= 0; changes--)
        {
            var place = random.Next(random.Next(4) == 0 ? bytes.Length : Math.Min(headerEnd, bytes.Length));
            switch (random.Next(6))
            {
                case 0: bytes[place] = (byte)random.Next(256); break;
                case 1: bytes[place] ^= (byte)(1 << random.Next(8)); break;
                // A digit for a digit keeps the JSON whole, so that its numbers lie.
                case 2: if (char.IsAsciiDigit((char)bytes[place])) bytes[place] = (byte)('0' + random.Next(10)); break;
                case 3: bytes = [.. bytes[..place], .. bytes[Math.Min(bytes.Length, place + 1 + random.Next(8))..]]; break;
                case 4: bytes = [.. bytes[..place], .. "0123456789,[]{}\":-\\ ".Skip(random.Next(19)).Take(1)
                    .Select(c => (byte)c), .. bytes[place..]]; break;
                default: BinaryPrimitives.WriteInt64LittleEndian(bytes, random.NextInt64(bytes.Length + 8L)); break;
            }
            if (bytes.Length < 9) return bytes;
        }
        return bytes;
    }

    private static List<Entry> RandomTensors(Random random)
    {
        var tensors = new List<Entry>();
        var end = 0;
        for (var number = random.Next(6); number > 0; number--)
        {
            var (type, size) = Types[random.Next(Types.Length)];
            var shape = Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(5)).ToArray();
            var begin = end;
            end += (int)shape.Aggregate(1L, (product, length) => product * length) * size;
            tensors.Add(new Entry($"{"aé\"\\/ \n"[random.Next(7)]}{number}", type, shape, begin, end));
        }
        return tensors;
    }

    private string Write(List<Entry> tensors, byte[] data)
    {
        var header = tensors.ToDictionary(tensor => tensor.Name, tensor => new { dtype = tensor.Type, shape = tensor.Shape,
            data_offsets = new[] { tensor.Begin, tensor.End } });
        File.WriteAllBytes(folder.File("x.safetensors"), WithLength(JsonSerializer.SerializeToUtf8Bytes(header), data));
        return folder.File("x.safetensors");
    }

    private static byte[] Good() => WithLength(Encoding.UTF8.GetBytes("""
        {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]},"c":{"dtype":"U8","shape":[0],"data_offsets":[32,32]}}
        """), [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    private static byte[] WithLength(byte[] header, byte[] data)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }

    // Left open, so that a change costs no new file; unbuffered, so that the reader sees it.
    private FileStream Open(byte[] bytes)
    {
        var stream = new FileStream(folder.File("x.safetensors"), FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite,
            bufferSize: 0);
        stream.Write(bytes);
        return stream;
    }

    public void Dispose() => folder.Dispose();

    private sealed record Entry(string Name, string Type, long[] Shape, int Begin, int End);
}
