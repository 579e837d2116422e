using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TsVlm.Serving.Classification;
using TsVlm.Serving.Models;
using TsVlm.Serving.Requests;

namespace TsVlm.Serving.Protocol;

/// <summary>
/// The Open Inference Protocol, version 2, over HTTP (github.com/kserve/open-inference-protocol), and Triton's extension for loading and
/// unloading models.
/// </summary>
internal static class InferenceEndpoints
{
    private const string Model = "/v2/models/{model}";
    private const string Version = Model + "/versions/{version}";

    /// <summary>What the server can beyond the protocol.</summary>
    public static IReadOnlyList<string> Extensions { get; } = ["model_repository", "classify"];

    /// <summary>Adds the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder app, string serverVersion)
    {
        app.MapGet("/v2", () => Results.Json(new { name = ModelTensors.Platform, version = serverVersion, extensions = Extensions }));
        app.MapGet("/v2/health/live", () => Results.Json(new { live = true }));
        app.MapGet("/v2/health/ready", (ModelRepository models) =>
            Results.Json(new { ready = models.IsReady }, statusCode: models.IsReady ? 200 : StatusCodes.Status503ServiceUnavailable));
        foreach (var route in (string[])[Model, Version])
        {
            app.MapGet(route, Metadata);
            app.MapGet(route + "/ready", Ready);
            app.MapPost(route + "/infer", Infer);
        }
        app.MapPost("/v2/repository/index", (ModelRepository models) => Results.Json(models.Models.Select(one => new
        {
            name = one.Source.Name, version = one.Source.Version, state = one.State.ToString().ToUpperInvariant(), reason = one.Reason,
        })));
        app.MapPost("/v2/repository/models/{model}/load", Load);
        app.MapPost("/v2/repository/models/{model}/unload", Unload);
    }

    private static IResult Metadata(string model, string? version, ModelRepository models)
    {
        var served = models.Find(model, version);
        var classifier = served.Classifier;
        return Results.Json(new
        {
            name = served.Source.Name,
            versions = models.Versions(model).Where(one => one.State is ModelState.Ready).Select(one => one.Source.Version),
            platform = ModelTensors.Platform,
            inputs = ModelTensors.Inputs(classifier).Select(AsJson),
            outputs = ModelTensors.Outputs(classifier).Select(AsJson),
        });

        static object AsJson(TensorMetadata tensor) => new { name = tensor.Name, datatype = tensor.Datatype, shape = tensor.Shape };
    }

    private static IResult Ready(string model, string? version, ModelRepository models)
    {
        var served = models.Find(model, version);
        var isReady = served.State is ModelState.Ready && !models.IsStopping;
        return Results.Json(new { name = served.Source.Name, ready = isReady }, statusCode: isReady ? 200 : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> Infer(string model, string? version, HttpContext context, ModelRepository models, SeriesBounds bounds)
    {
        var served = models.Find(model, version);
        var classes = served.Classifier.Classes;   // refuses before the body is read
        using var body = await RequestBody.Read(context.Request);
        var request = new JsonInferRequest(bounds).Read(body.RootElement);
        var answers = await served.Classify(request.Question.Series, request.Question.PlaceOf, context.RequestAborted);
        return Results.Bytes(Response(served.Source, classes, request, answers), "application/json");
    }

    private static byte[] Response(ModelSource source, IReadOnlyList<string> classes, InferRequest request, IReadOnlyList<SeriesAnswer> answers)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("model_name", source.Name);
            json.WriteString("model_version", source.Version);
            if (request.Id is { } id) json.WriteString("id", id);
            json.WriteStartArray("outputs");
            foreach (var name in request.Outputs) OutputJson.Write(json, name, classes, answers, request.Question.MinConfidence);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static async Task<IResult> Load(string model, ModelRepository models)
    {
        foreach (var version in models.Versions(model)) await models.Load(version, CancellationToken.None);   // also when the caller leaves
        return Results.Json(new { });
    }

    private static async Task<IResult> Unload(string model, ModelRepository models)
    {
        foreach (var version in models.Versions(model)) await version.Unload();
        return Results.Json(new { });
    }
}
