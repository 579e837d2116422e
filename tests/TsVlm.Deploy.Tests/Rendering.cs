using System.Text.Json.Nodes;

namespace TsVlm.Deploy.Tests;

/// <summary>The objects of one rendered chart, by what they are.</summary>
internal sealed record Rendering(IReadOnlyList<JsonNode> Objects)
{
    public const string ChartFolder = "deploy/helm/tsvlm";

    public IEnumerable<JsonNode> OfKind(string kind) => Objects.Where(o => Text(o["kind"]) == kind);

    public JsonNode Named(string kind, string component) => Assert.Single(OfKind(kind), o => Name(o) == $"tsvlm-{component}");

    /// <summary>The pod specification of each Deployment and StatefulSet.</summary>
    public IEnumerable<JsonNode> Pods =>
        Objects.Where(o => o["spec"]?["template"] is not null).Select(o => o["spec"]!["template"]!["spec"]!);

    public JsonNode Pod(string service) => Named("Deployment", service)["spec"]!["template"]!["spec"]!;

    public JsonNode Container(string service) => Assert.Single(Items(Pod(service)["containers"]));

    /// <summary>A service's environment: its value, or SECRET/KEY where a Secret holds it.</summary>
    public Dictionary<string, string> Environment(string service) => Items(Container(service)["env"]).ToDictionary(
        e => Text(e["name"]),
        e => e["valueFrom"]?["secretKeyRef"] is { } key ? $"{Text(key["name"])}/{Text(key["key"])}" : Text(e["value"]));

    public static string Name(JsonNode node) => Text(node["metadata"]!["name"]);

    public static string Text(JsonNode? node) => node?.ToString() ?? "";

    public static IEnumerable<JsonNode> Items(JsonNode? list) => (list as JsonArray)?.OfType<JsonNode>() ?? [];
}
