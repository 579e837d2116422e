using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Tests.Architecture;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Files;

[Collection(TorchTests.Name)]
public sealed class SafetensorsTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Written_tensors_are_read_back_in_every_type()
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["f32"] = randn(3, 4), ["f64"] = randn(2, dtype: ScalarType.Float64), ["bf16"] = randn(5, 1)
                .to(ScalarType.BFloat16), ["f16"] = randn(3).to(ScalarType.Float16),
            ["i64"] = arange(7), ["i32"] = arange(3).to(ScalarType.Int32), ["u8"] = arange(5).to(ScalarType.Byte), ["bool"] = arange(3)
            .eq(1),
            ["scalar"] = tensor(4.5f), ["empty"] = zeros(0, 3), ["strided"] = arange(6).reshape(2, 3).t(), ["name \"é\\"] = ones(1),
        };
        SafetensorsWriter.Write(folder.File("x.safetensors"), tensors);
        using var file = new SafetensorsFile(folder.File("x.safetensors"));
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), file.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, expected) in tensors)
        {
            var actual = file.Read(name);
            Assert.Equal(expected.dtype, actual.dtype);
            Assert.Equal(expected.shape, actual.shape);
            Assert.True(expected.eq(actual).all().item<bool>(), name);
            Assert.Equal(0, file.Tensors[name].Begin % expected.ElementSize);
        }
    }

    [Fact]
    public void The_same_tensors_in_another_order_give_the_same_bytes_and_no_temporary_file_stays()
    {
        KeyValuePair<string, Tensor>[] tensors = [new("b", ones(2)), new("a", zeros(3)), new("c", ones(1, dtype: ScalarType.Int64))];
        SafetensorsWriter.Write(folder.File("x.safetensors"), tensors);
        SafetensorsWriter.Write(folder.File("y.safetensors"), tensors.Reverse());
        Assert.Equal(File.ReadAllBytes(folder.File("x.safetensors")), File.ReadAllBytes(folder.File("y.safetensors")));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "within 4 bytes of data, found [0, 8]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "file: expected to end with its last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8,
        "tensor a: expected 12 bytes for shape [3] of F32, found 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6,
        "tensor b: expected to begin where the one before it ends, at 4, found 2")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12,
        "tensor b: expected to begin where the one before it ends, at 4, found 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "tensor a: expected shape of whole numbers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0,
        "tensor a: expected 73786976294838206464 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "found [4, 0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "found [0]")]
    [InlineData("""{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}}""", 4, "tensor a: expected dtype")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "tensor a: expected shape, a list")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "shape of whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4,
        "header: expected JSON")]
    [InlineData("""{"a":7}""", 0, "tensor a: expected dtype, shape and data_offsets")]
    [InlineData("""[1,2]""", 0, "header: expected a JSON object")]
    [InlineData("""{"a":""", 0, "header: expected JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "header: expected JSON")]
    public void A_header_that_lies_is_refused_with_what_was_expected(string header, int numDataBytes, string message)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        File.WriteAllBytes(folder.File("x.safetensors"), [.. length, .. bytes, .. new byte[numDataBytes]]);
        var error = Assert.Throws<CheckpointException>(() => new SafetensorsFile(folder.File("x.safetensors")));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(folder.File("x.safetensors"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(100)]
    [InlineData(8000)]
    [InlineData(2000000)]
    public void A_file_cut_anywhere_is_refused(int length)
    {
        var bytes = File.ReadAllBytes(Path.Combine(HuggingFace.TinyFolder, "model.safetensors"));
        File.WriteAllBytes(folder.File("x.safetensors"), bytes[..length]);
        Assert.Throws<CheckpointException>(() => new SafetensorsFile(folder.File("x.safetensors")));
    }

    [Theory]
    [InlineData(0xFFFFFFFFFFFFFFFF)]
    [InlineData(0x7FFFFFFFFFFFFFFF)]
    [InlineData(1000)]
    public void A_header_length_beyond_the_file_is_refused(ulong headerLength)
    {
        var bytes = new byte[100];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, headerLength);
        File.WriteAllBytes(folder.File("x.safetensors"), bytes);
        Assert.Contains("header length: expected at most 92",
            Assert.Throws<CheckpointException>(() => new SafetensorsFile(folder.File("x.safetensors"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_any_bytes_changed_gives_an_error_or_tensors_of_the_stated_size()
    {
        SafetensorsWriter.Write(
            folder.File("good.safetensors"), [new("a", arange(6).reshape(2, 3)), new("b", ones(4)), new("c", zeros(0))]);
        var good = File.ReadAllBytes(folder.File("good.safetensors"));
        var headerEnd = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(good);
        var change = from place in Gen.Choose(0, good.Length - 1) from value in Gen.Choose(0, 255) select (Place: place,
            Value: (byte)value);
        var changes = Gen.ArrayOf(change).Where(all => all.Length > 0).ToArbitrary();
        var numRead = 0;
        Prop.ForAll(changes, all =>
        {
            var bytes = good.ToArray();
            foreach (var (place, value) in all.Take(3)) bytes[place] = value;
            File.WriteAllBytes(folder.File("x.safetensors"), bytes);
            try
            {
                using var file = new SafetensorsFile(folder.File("x.safetensors"));
                foreach (var (name, location) in file.Tensors)
                {
                    using var tensor = file.Read(name);
                    Assert.Equal(location.NumBytes, tensor.NumberOfElements * tensor.ElementSize);
                    if (location.NumBytes > 0)
                        Assert.True(tensor.bytes.SequenceEqual(bytes.AsSpan((int)location.Begin, (int)location.NumBytes)));
                }
                numRead++;
                return true;
            }
            catch (CheckpointException error)
            {
                // A change behind the header changes numbers, never the layout.
                return all.Take(3).Any(one => one.Place < headerEnd) && error.Message.Contains("expected", StringComparison.Ordinal);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
        Assert.InRange(numRead, 1, 399);
    }

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }
}
