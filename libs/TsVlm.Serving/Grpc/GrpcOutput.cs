using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Inference;
using TsVlm.Serving.Classification;
using TsVlm.Serving.Protocol;

namespace TsVlm.Serving.Grpc;

/// <summary>Writes output tensors as messages, raw where the request's were.</summary>
internal static class GrpcOutput
{
    /// <summary>Adds one of <see cref="ModelTensors.AllOutputs"/> to a response.</summary>
    public static void Add(ModelInferResponse response, string name, bool isRaw, IReadOnlyList<string> classes, IReadOnlyList<SeriesAnswer> answers,
        double? minConfidence)
    {
        switch (name)
        {
            case ModelTensors.Label:
                Texts([.. answers.Select(answer => answer.Label)]);
                break;
            case ModelTensors.Classes:
                Texts(classes);
                break;
            case ModelTensors.Probabilities:
                double[] probabilities = [.. answers.SelectMany(answer => answer.Probabilities)];
                Tensor("FP64", [answers.Count, classes.Count], contents => contents.Fp64Contents.AddRange(probabilities), () =>
                {
                    var bytes = new byte[probabilities.Length * sizeof(double)];
                    foreach (var (i, value) in probabilities.Index()) BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), value);
                    return bytes;
                });
                break;
            default:
                bool[] abstained = [.. answers.Select(answer => answer.Confidence < minConfidence)];
                Tensor("BOOL", [answers.Count], contents => contents.BoolContents.AddRange(abstained),
                    () => Array.ConvertAll(abstained, one => (byte)(one ? 1 : 0)));
                break;
        }

        // Raw, each text has its length in bytes before it, in four bytes.
        void Texts(IReadOnlyList<string> texts) => Tensor("BYTES", [texts.Count],
            contents => contents.BytesContents.AddRange(texts.Select(ByteString.CopyFromUtf8)), () =>
            {
                using var bytes = new MemoryStream();
                var length = new byte[sizeof(int)];
                foreach (var text in texts)
                {
                    var utf8 = Encoding.UTF8.GetBytes(text);
                    BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
                    bytes.Write(length);
                    bytes.Write(utf8);
                }
                return bytes.ToArray();
            });

        void Tensor(string datatype, long[] shape, Action<InferTensorContents> fill, Func<byte[]> raw)
        {
            var tensor = new ModelInferResponse.Types.InferOutputTensor { Name = name, Datatype = datatype, Shape = { shape } };
            response.Outputs.Add(tensor);
            if (isRaw)
            {
                response.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(raw()));
                return;
            }
            tensor.Contents = new InferTensorContents();
            fill(tensor.Contents);
        }
    }
}
