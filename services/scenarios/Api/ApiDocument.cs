using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using TsVlm.Contracts.Http;
using TsVlm.Experiments.Grid;

namespace TsVlm.Scenarios.Api;

/// <summary>
/// What the OpenAPI document says beyond the types of requests and answers: the key, bounds, and errors that any request may have.
/// </summary>
internal static class ApiDocument
{
    /// <summary>Name of the way in which a request carries its key.</summary>
    public const string Key = "key";

    private static readonly string[] Tags = ["Datasets", "Experiments", "Results", "Files"];

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, context, _) =>
            Describe(document, context.ApplicationServices.GetRequiredService<ApiSettings>()));
        options.AddOperationTransformer(Describe);
        options.AddSchemaTransformer((schema, context, _) => Describe(schema, context));
    });

    private static Task Describe(OpenApiDocument document, ApiSettings settings)
    {
        document.Info = new()
        {
            Title = "TsVlm",
            Version = "v1",
            Description = "Experiments with vision-language models on time series: submit, follow, cancel, read results.\n\n"
                + $"Bounds of this service: {settings.MaxRuns} runs per experiment, {settings.MaxRequestBytes} bytes per request, "
                + $"{settings.MaxDatasetBytes} bytes per data set; with one key {settings.RequestsPerSecond} requests per second and "
                + $"{settings.MaxEventReaders} streams of events at a time.",
        };
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Key] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key of the setting Api__Key.",
        };
        var paths = new OpenApiPaths();
        var inOrder = document.Paths.OrderBy(p => Array.IndexOf(Tags, TagOf(p.Value))).ThenBy(p => p.Key, StringComparer.Ordinal);
        foreach (var (path, item) in inOrder) paths[path] = item;
        document.Paths = paths;
        document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag }).ToHashSet();
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
        return Task.CompletedTask;
    }

    private static string? TagOf(IOpenApiPathItem path) => path.Operations?.Values.First().Tags?.First().Name;

    private static async Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken)
    {
        operation.Responses ??= [];
        var problem = new OpenApiMediaType
        {
            Schema = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellationToken),
        };
        foreach (var (status, description) in (KeyValuePair<string, string>[])[new("401", "No key, or a wrong one."),
            new("429", "Too many requests with one key; Retry-After says when to try again."),
            new("503", "The database or the artifact store does not answer now; Retry-After says when to try again.")])
            operation.Responses.TryAdd(status, new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = problem },
            });
        var bounds = context.Description.ActionDescriptor.EndpointMetadata.OfType<PageBounds>().SingleOrDefault();
        foreach (var parameter in operation.Parameters ?? []) Describe(parameter, bounds);
    }

    private static void Describe(IOpenApiParameter parameter, PageBounds? bounds)
    {
        if (parameter.Schema is not OpenApiSchema schema) return;
        if (parameter.Name is ExperimentEndpoints.IdempotencyKey) schema.MaxLength = ApiBounds.MaxIdempotencyKeyCharacters;
        if (bounds is not null && parameter.Name is "limit")
        {
            schema.Minimum = "1";
            schema.Maximum = $"{bounds.Max}";
            schema.Default = JsonValue.Create(bounds.Default);
        }
        if (bounds is not null && parameter.Name is "offset")
        {
            schema.Minimum = "0";
            schema.Default = JsonValue.Create(0);
        }
    }

    /// <summary>A submission is described by the schema that it is compared with.</summary>
    private static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        if (context.JsonTypeInfo.Type != typeof(ExperimentSubmission) || context.JsonPropertyInfo is not null) return Task.CompletedTask;
        var grid = (JsonObject)JsonNode.Parse(GridSchema.Text)!;
        grid.Remove("$schema");
        var body = (JsonObject)SubmittedExperiment.Schema.DeepClone();
        body["properties"]!["grid"] = new JsonObject
        {
            ["description"] = "The name of a preset, or a grid.",
            ["anyOf"] = new JsonArray(
                new JsonObject { ["enum"] = new JsonArray([.. ScenarioPresets.Names.Select(name => (JsonNode)name)]) }, grid),
        };
        var parsed = OpenApiModelFactory.Parse<OpenApiSchema>(
            body.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, context.Document!, out _, "json")!;
        schema.Type = JsonSchemaType.Object;
        schema.Required = parsed.Required;
        schema.Properties = parsed.Properties;
        schema.AdditionalPropertiesAllowed = false;
        schema.Examples = [JsonNode.Parse("""{ "grid": "quick", "datasets": ["CBF"], "seeds": [0] }""")!];
        return Task.CompletedTask;
    }
}
