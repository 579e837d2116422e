using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Inference;
using TsVlm.Data;
using Client = Inference.GRPCInferenceService.GRPCInferenceServiceClient;

namespace TsVlm.Serving.Tests.Grpc;

/// <summary>The Open Inference Protocol over gRPC, by the client that is generated from the protocol's own file.</summary>
public class GrpcTests(TrainedModels models)
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answers_are_those_of_http_to_the_bit(bool isRaw)
    {
        await using var serving = await TestServing.StartWithGrpc(null, ("channels", models.Channels));
        TimeSeries[] series = [TrainedModels.Walk(1, 3, 30), WithGap(TrainedModels.Walk(2, 3, 21)), TrainedModels.Walk(3, 3, 44)];
        var expected = Requests.Answers((await serving.Post("/classify/channels", Requests.Plain(series))).Json);
        var response = await new Client(serving.Channel).ModelInferAsync(Infer("channels", series, isRaw), cancellationToken: Stop);
        Assert.Equal(("seven", "channels", "1"), (response.Id, response.ModelName, response.ModelVersion));
        Assert.Equal(["BYTES", "FP64"], response.Outputs.Select(output => output.Datatype));
        Assert.Equal(isRaw ? 2 : 0, response.RawOutputContents.Count);
        var (labels, probabilities) = isRaw ? (Texts(response.RawOutputContents[0]), MemoryMarshal.Cast<byte, double>(response.RawOutputContents[1].Span).ToArray())
            : ([.. response.Outputs[0].Contents.BytesContents.Select(text => text.ToStringUtf8())], [.. response.Outputs[1].Contents.Fp64Contents]);
        Assert.Equal(expected, labels.Zip(probabilities.Chunk(labels.Length), Requests.Bits));
    }

    [Fact]
    public async Task Integers_single_precision_a_missing_value_and_a_least_confidence_are_read()
    {
        await using var serving = await TestServing.StartWithGrpc(null, ("shapes", models.Probe));
        var client = new Client(serving.Channel);
        var expected = Requests.Answers((await serving.Post("/classify/shapes", Requests.Plain([new([[1, double.NaN, 3.0]])]))).Json).Single();
        foreach (var (type, contents) in new (string, InferTensorContents)[]
        {
            ("FP32", new() { Fp32Contents = { 1, -9, 3 } }), ("INT64", new() { Int64Contents = { 1, -9, 3 } }), ("INT8", new() { IntContents = { 1, -9, 3 } }),
        })
        {
            var request = new ModelInferRequest { ModelName = "shapes", Parameters = { ["min_confidence"] = new() { Int64Param = 1 } } };
            request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor
            {
                Name = "series", Datatype = type, Shape = { 1, 1, 3 }, Contents = contents, Parameters = { ["missing_value"] = new() { DoubleParam = -9 } },
            });
            var response = await client.ModelInferAsync(request, cancellationToken: Stop);
            Assert.Equal(["label", "probabilities", "abstained"], response.Outputs.Select(output => output.Name));
            Assert.Equal(expected, Requests.Bits(response.Outputs[0].Contents.BytesContents[0].ToStringUtf8(), response.Outputs[1].Contents.Fp64Contents));
            Assert.Equal([true], response.Outputs[2].Contents.BoolContents);
        }
    }

    [Fact]
    public async Task State_and_metadata_are_those_of_http()
    {
        await using var serving = await TestServing.StartWithGrpc(null, ("shapes", models.Probe));
        var client = new Client(serving.Channel);
        Assert.True((await client.ServerLiveAsync(new(), cancellationToken: Stop)).Live);
        Assert.True((await client.ServerReadyAsync(new(), cancellationToken: Stop)).Ready);
        Assert.True((await client.ModelReadyAsync(new() { Name = "shapes", Version = "1" }, cancellationToken: Stop)).Ready);
        Assert.Equal("1.2.3", (await client.ServerMetadataAsync(new(), cancellationToken: Stop)).Version);
        var metadata = await client.ModelMetadataAsync(new() { Name = "shapes" }, cancellationToken: Stop);
        Assert.Equal(["1"], metadata.Versions);
        Assert.Equal(("series", "FP64"), (metadata.Inputs[0].Name, metadata.Inputs[0].Datatype));
        Assert.Equal([-1, 1, -1], metadata.Inputs[0].Shape);
        Assert.Equal(["label", "probabilities", "classes", "abstained"], metadata.Outputs.Select(output => output.Name));
        await serving.Post("/v2/repository/models/shapes/unload", "{}");
        Assert.False((await client.ModelReadyAsync(new() { Name = "shapes" }, cancellationToken: Stop)).Ready);
        Assert.Equal(StatusCode.NotFound, (await Refused(client, Infer("shapes", [TrainedModels.Walk(1)], isRaw: false))).StatusCode);
    }

    [Fact]
    public async Task Requests_that_make_no_sense_are_refused_with_the_place()
    {
        await using var serving = await TestServing.StartWithGrpc(new() { MaxSeries = 2 }, ("shapes", models.Probe));
        var client = new Client(serving.Channel);
        var series = TrainedModels.Walk(1, 1, 5);
        await Expect("Expected a model among shapes, found 'other'.", StatusCode.NotFound, request => request.ModelName = "other");
        await Expect("inputs: expected the input series, found none.", StatusCode.InvalidArgument, request => request.Inputs.Clear());
        await Expect("inputs[0].contents.fp64_contents: expected 5 numbers as the shape says, found 4.", StatusCode.InvalidArgument,
            request => request.Inputs[0].Contents.Fp64Contents.RemoveAt(0));
        await Expect("inputs[0].contents.fp32_contents: expected 5 numbers as the shape says, found 0.", StatusCode.InvalidArgument,
            request => request.Inputs[0].Datatype = "FP32");
        await Expect("inputs[0].datatype: expected one of FP64", StatusCode.InvalidArgument, request => request.Inputs[0].Datatype = "BYTES");
        await Expect("inputs[0].contents: expected numbers of UINT8, 0 to 255, found 256.", StatusCode.InvalidArgument, request =>
        {
            request.Inputs[0].Datatype = "UINT8";
            request.Inputs[0].Contents = new() { UintContents = { 1, 2, 256, 4, 5 } };
        });
        await Expect("inputs[0].shape: expected from 1 to 2 series, found 3.", StatusCode.InvalidArgument, request => request.Inputs[0].Shape[0] = 3);
        await Expect("inputs[0].contents: expected finite numbers of FP64, found a larger one as number 2.", StatusCode.InvalidArgument,
            request => request.Inputs[0].Contents.Fp64Contents[2] = double.PositiveInfinity);
        await Expect("raw_input_contents: expected one for each of 2 inputs, or none, found 1.", StatusCode.InvalidArgument,
            request => request.RawInputContents.Add(ByteString.Empty));
        await Expect("parameters.min_confidence: expected a number", StatusCode.InvalidArgument,
            request => request.Parameters["min_confidence"] = new() { StringParam = "high" });
        await Expect("outputs[0].name: expected one of label", StatusCode.InvalidArgument, request => request.Outputs.Add(
            new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "logits" }));

        async Task Expect(string message, StatusCode code, Action<ModelInferRequest> spoil)
        {
            var request = Infer("shapes", [series], isRaw: false);
            spoil(request);
            var refused = await Refused(client, request);
            Assert.StartsWith(message, refused.Detail, StringComparison.Ordinal);
            Assert.Equal(code, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Mutated_messages_are_answered_or_refused()
    {
        await using var serving = await TestServing.StartWithGrpc(new() { MaxBatch = 1 }, ("words", models.Answers));
        var infer = new Method<byte[], byte[]>(MethodType.Unary, "inference.GRPCInferenceService", "ModelInfer", Bytes, Bytes);
        var invoker = serving.Channel!.CreateCallInvoker();
        var random = new Random(11);
        var statuses = new Dictionary<StatusCode, int>();
        for (var i = 0; i < 1000; i++)
        {
            var body = Infer("words", [TrainedModels.Walk(i % 5, 1, 3)], isRaw: i % 2 == 0).ToByteArray();
            for (var change = random.Next(1, 4); change > 0 && body.Length > 1; change--)
            {
                var at = random.Next(body.Length);
                body = random.Next(3) switch
                {
                    0 => [.. body[..at], .. body[(at + 1)..]],
                    1 => [.. body[..at], (byte)random.Next(256), .. body[at..]],
                    _ => [.. body[..at], (byte)(body[at] ^ (1 << random.Next(8))), .. body[(at + 1)..]],
                };
            }
            var status = StatusCode.OK;
            try
            {
                await invoker.AsyncUnaryCall(infer, null, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(30), cancellationToken: Stop), body);
            }
            catch (RpcException refused)
            {
                status = refused.StatusCode;
                // The library refuses bytes that are no message before the service sees them.
                Assert.True(status is StatusCode.InvalidArgument or StatusCode.NotFound || refused.Status.Detail.Contains("InvalidProtocolBuffer"),
                    $"{refused.Status}");
            }
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }
        Assert.Equal([StatusCode.OK, StatusCode.Unknown, StatusCode.InvalidArgument, StatusCode.NotFound], statuses.Keys.Order());
    }

    private static Marshaller<byte[]> Bytes { get; } = Marshallers.Create(bytes => bytes, bytes => bytes);

    private static async Task<Status> Refused(Client client, ModelInferRequest request) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await client.ModelInferAsync(request, cancellationToken: Stop))).Status;

    /// <summary>A request for series, the shorter filled up, with their lengths.</summary>
    private static ModelInferRequest Infer(string model, TimeSeries[] series, bool isRaw)
    {
        var longest = series.Max(one => one.Length);
        double[] values = [.. series.SelectMany(one => Enumerable.Range(0, one.NumChannels)
            .SelectMany(c => one.Channel(c).ToArray().Concat(Enumerable.Repeat(0.0, longest - one.Length))))];
        long[] lengths = [.. series.Select(one => (long)one.Length)];
        var request = new ModelInferRequest { ModelName = model, Id = "seven" };
        request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor
        {
            Name = "series", Datatype = "FP64", Shape = { series.Length, series[0].NumChannels, longest },
        });
        request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = "lengths", Datatype = "INT64", Shape = { series.Length } });
        if (isRaw)
        {
            request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())));
            request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes(lengths.AsSpan())));
        }
        else
        {
            request.Inputs[0].Contents = new() { Fp64Contents = { values } };
            request.Inputs[1].Contents = new() { Int64Contents = { lengths } };
        }
        return request;
    }

    private static TimeSeries WithGap(TimeSeries series) => new([.. Enumerable.Range(0, series.NumChannels).Select(c =>
    {
        var values = series.Channel(c).ToArray();
        values[c + 2] = double.NaN;
        return values;
    })]);

    private static string[] Texts(ByteString raw)
    {
        var (texts, bytes) = (new List<string>(), raw.ToByteArray());
        for (var at = 0; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            texts.Add(Encoding.UTF8.GetString(bytes, at + sizeof(int), length));
            at += sizeof(int) + length;
        }
        return [.. texts];
    }
}
