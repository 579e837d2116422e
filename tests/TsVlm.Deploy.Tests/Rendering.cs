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

    /// <summary>The pod of helm test.</summary>
    public JsonNode TestPod => Named("Pod", "smoke-test");

    public JsonNode Pod(string service) => Named("Deployment", service)["spec"]!["template"]!["spec"]!;

    public JsonNode Container(string service) => Assert.Single(Items(Pod(service)["containers"]));

    /// <summary>A service's environment, as <see cref="EnvironmentOf"/> has it.</summary>
    public Dictionary<string, string> Environment(string service) => EnvironmentOf(Container(service));

    /// <summary>A container's environment: the value, SECRET/KEY where a Secret holds it, or the path of the pod's field.</summary>
    public static Dictionary<string, string> EnvironmentOf(JsonNode container) => Items(container["env"]).ToDictionary(
        e => Text(e["name"]),
        e => e["valueFrom"]?["secretKeyRef"] is { } key ? $"{Text(key["name"])}/{Text(key["key"])}"
            : Text(e["valueFrom"]?["fieldRef"]?["fieldPath"] ?? e["value"]));

    public static string Name(JsonNode node) => Text(node["metadata"]!["name"]);

    public static string Text(JsonNode? node) => node?.ToString() ?? "";

    public static IEnumerable<JsonNode> Items(JsonNode? list) => (list as JsonArray)?.OfType<JsonNode>() ?? [];
}
