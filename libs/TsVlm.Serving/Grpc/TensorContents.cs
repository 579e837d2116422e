using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Inference;
using TsVlm.Serving.Requests;

namespace TsVlm.Serving.Grpc;

/// <summary>
/// The numbers of an input tensor: in the field of its type, or as raw bytes, little-endian and row by row, as Triton's clients send them.
/// </summary>
internal static class TensorContents
{
    /// <summary>The numbers of a tensor of one of the number types, as doubles.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="raw">Its raw bytes; null where its contents have the numbers.</param>
    /// <param name="count">How many numbers its shape has.</param>
    /// <param name="place">Where it is.</param>
    /// <exception cref="RequestException">There are more or fewer.</exception>
    public static double[] Doubles(ModelInferRequest.Types.InferInputTensor tensor, ByteString? raw, int count, string place)
    {
        var contents = tensor.Contents ?? new();
        return tensor.Datatype switch
        {
            "FP64" => Numbers<double, double>("fp64_contents", contents.Fp64Contents, value => value, value => value),
            "FP32" => Numbers<float, float>("fp32_contents", contents.Fp32Contents, value => value, value => value),
            "INT64" => Numbers<long, long>("int64_contents", contents.Int64Contents, value => value, value => value),
            "UINT64" => Numbers<ulong, ulong>("uint64_contents", contents.Uint64Contents, value => value, value => value),
            "INT32" => Numbers<int, int>("int_contents", contents.IntContents, value => value, value => value),
            "INT16" => Numbers<int, short>("int_contents", contents.IntContents, value => Within(value, short.MinValue, short.MaxValue), value => value),
            "INT8" => Numbers<int, sbyte>("int_contents", contents.IntContents, value => Within(value, sbyte.MinValue, sbyte.MaxValue), value => value),
            "UINT32" => Numbers<uint, uint>("uint_contents", contents.UintContents, value => value, value => value),
            "UINT16" => Numbers<uint, ushort>("uint_contents", contents.UintContents, value => Within(value, 0, ushort.MaxValue), value => value),
            _ => Numbers<uint, byte>("uint_contents", contents.UintContents, value => Within(value, 0, byte.MaxValue), value => value),
        };

        long Within(long value, long lowest, long highest) => value >= lowest && value <= highest ? value
            : throw new RequestException($"{place}.contents: expected numbers of {tensor.Datatype}, {lowest} to {highest}, found {value}.");

        double[] Numbers<TField, TRaw>(string name, RepeatedField<TField> field, Func<TField, double> ofField, Func<TRaw, double> ofRaw)
            where TRaw : unmanaged
        {
            if (raw is null)
                return field.Count == count ? [.. field.Select(ofField)]
                    : throw new RequestException($"{place}.contents.{name}: expected {count} numbers as the shape says, found {field.Count}.");
            var size = (long)count * Unsafe.SizeOf<TRaw>();
            if (raw.Length != size)
                throw new RequestException($"{place}: expected {size} bytes of {tensor.Datatype} in raw_input_contents as the shape says, found {raw.Length}.");
            return Array.ConvertAll(MemoryMarshal.Cast<byte, TRaw>(raw.Span).ToArray(), value => ofRaw(value));
        }
    }
}
