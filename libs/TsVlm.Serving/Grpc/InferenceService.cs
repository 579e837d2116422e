using Grpc.Core;
using Inference;
using TsVlm.Serving.Models;
using TsVlm.Serving.Protocol;
using TsVlm.Serving.Requests;

namespace TsVlm.Serving.Grpc;

/// <summary>The Open Inference Protocol, version 2, over gRPC: the calls of <see cref="InferenceEndpoints"/> without Triton's extension.</summary>
/// <param name="models">The models.</param>
/// <param name="bounds">The bounds of series.</param>
/// <param name="identity">The server's own version.</param>
internal sealed class InferenceService(ModelRepository models, SeriesBounds bounds, ServerIdentity identity)
    : GRPCInferenceService.GRPCInferenceServiceBase
{
    /// <inheritdoc />
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    /// <inheritdoc />
    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = models.IsReady });

    /// <inheritdoc />
    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ModelReadyResponse
        {
            Ready = models.Find(request.Name, VersionOf(request.Version)).State is ModelState.Ready && !models.IsStopping,
        });

    /// <inheritdoc />
    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse { Name = ModelTensors.Platform, Version = identity.Version });

    /// <inheritdoc />
    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        var served = models.Find(request.Name, VersionOf(request.Version));
        var classifier = served.Classifier;
        return Task.FromResult(new ModelMetadataResponse
        {
            Name = served.Source.Name,
            Versions = { models.Versions(request.Name).Where(one => one.State is ModelState.Ready).Select(one => one.Source.Version) },
            Platform = ModelTensors.Platform,
            Inputs = { ModelTensors.Inputs(classifier).Select(AsMessage) },
            Outputs = { ModelTensors.Outputs(classifier).Select(AsMessage) },
        });

        static ModelMetadataResponse.Types.TensorMetadata AsMessage(TensorMetadata tensor) =>
            new() { Name = tensor.Name, Datatype = tensor.Datatype, Shape = { tensor.Shape } };
    }

    /// <inheritdoc />
    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        var served = models.Find(request.ModelName, VersionOf(request.ModelVersion));
        var classes = served.Classifier.Classes;   // refuses before the request is read
        var read = new GrpcInferRequest(bounds).Read(request);
        var answers = await served.Classify(read.Question.Series, read.Question.PlaceOf, context.CancellationToken);
        var response = new ModelInferResponse { ModelName = served.Source.Name, ModelVersion = served.Source.Version, Id = request.Id };
        foreach (var name in read.Outputs)
            GrpcOutput.Add(response, name, request.RawInputContents.Count > 0, classes, answers, read.Question.MinConfidence);
        return response;
    }

    private static string? VersionOf(string version) => version.Length == 0 ? null : version;
}

/// <summary>What the server says of itself.</summary>
/// <param name="Version">Its version.</param>
internal sealed record ServerIdentity(string Version);
