using System.Text.Json.Nodes;
using NJsonSchema;
using TsVlm.Tests;
using YamlDotNet.Serialization;

namespace TsVlm.Serving.Tests.Protocol;

/// <summary>
/// The server against the Open Inference Protocol's own OpenAPI file, as published: every call that it has, and what it says of requests,
/// responses and errors.
/// </summary>
public class ConformanceTests(TrainedModels models)
{
    private const string Infer = "/v2/models/${MODEL_NAME}/versions/${MODEL_VERSION}/infer";

    private static JsonNode Document { get; } = Read();

    /// <summary>Method and path of each call.</summary>
    public static TheoryData<string, string> Calls =>
        [.. Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Where(one => one.Key is "get" or "post")
            .Select(one => new TheoryDataRow<string, string>(one.Key, path.Key)))];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Each_call_of_the_protocol_is_answered_as_its_document_says(string method, string path)
    {
        await using var serving = await TestServing.Start(null, ("shapes", models.Probe));
        var address = path.Replace("${MODEL_NAME}", "shapes", StringComparison.Ordinal).Replace("${MODEL_VERSION}", "1", StringComparison.Ordinal);
        var request = Requests.Infer([TrainedModels.Walk(1), TrainedModels.Walk(2)]);
        if (method == "post") Assert.Empty((await SchemaOf("inference_request")).Validate(request));
        var (status, json) = method == "get" ? await serving.Get(address) : await serving.Post(address, request);
        Assert.Equal(200, status);
        if (ResponseSchema(method, path, "200") is { } name) Assert.Empty((await SchemaOf(name)).Validate(json.ToJsonString()));
    }

    [Fact]
    public async Task Errors_are_as_the_document_says()
    {
        await using var serving = await TestServing.Start(null, ("shapes", models.Probe));
        var (status, json) = await serving.Post("/v2/models/shapes/versions/1/infer", """{"inputs": []}""");
        Assert.Equal(400, status);
        Assert.Empty((await SchemaOf(ResponseSchema("post", Infer, "400")!)).Validate(json.ToJsonString()));
        // The document has no such member as required, so its absence would pass.
        Assert.StartsWith("inputs: expected", (string)json["error"]!, StringComparison.Ordinal);
        Assert.NotEmpty((await SchemaOf("inference_response")).Validate(json.ToJsonString()));
    }

    private static string? ResponseSchema(string method, string path, string status) =>
        ((string?)Document["paths"]![path]![method]!["responses"]![status]?["content"]?["application/json"]!["schema"]!["$ref"])?.Split('/')[^1];

    private static Task<JsonSchema> SchemaOf(string name)
    {
        // As a JSON schema, whose definitions are elsewhere than an OpenAPI document's.
        var schema = new JsonObject { ["$ref"] = $"#/definitions/{name}", ["definitions"] = Document["components"]!["schemas"]!.DeepClone() };
        return JsonSchema.FromJsonAsync(schema.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
    }

    private static JsonNode Read()
    {
        using var file = File.OpenText(TestFolders.Fixture(Path.Combine("open-inference-protocol", "open_inference_rest.yaml")));
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(file);
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(yaml))!;
    }
}
