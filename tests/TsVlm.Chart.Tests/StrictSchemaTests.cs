using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static TsVlm.Deploy.Tests.Rendering;

namespace TsVlm.Chart.Tests;

/// <summary>A field that the schemas of Kubernetes and KEDA do not know is refused, as by an API server with strict field validation.</summary>
public partial class StrictSchemaTests
{
    // Maps whose keys are the user's: labels, the data of a Secret, amounts of resources, the settings of a KEDA trigger.
    private static readonly string[] Maps =
        ["labels", "annotations", "matchLabels", "nodeSelector", "data", "stringData", "limits", "requests"];

    // What a fault is named by.
    private static readonly string[] Identity = ["/apiVersion", "/kind", "/metadata", "/metadata/name"];

    [Theory]
    [InlineData("Deployment", "trainer", "/spec/template/spec/containers/0/resouces")]
    [InlineData("Deployment", "scenarios", "/spec/template/spec/volumes/0/emptyDir/sizelimit")]
    [InlineData("StatefulSet", "rabbitmq", "/spec/volumeClaimTemplates/0/spec/storageClas")]
    [InlineData("Pod", "smoke-test", "/spec/restartPolicies")]
    [InlineData("NetworkPolicy", "services", "/spec/egres")]
    [InlineData("PodDisruptionBudget", "trainer", "/spec/maxUnavailables")]
    [InlineData("ScaledObject", "trainer", "/spec/maxReplicaCounts")]
    [InlineData("ScaledObject", "trainer", "/spec/triggers/0/authenticationRefs")]
    [InlineData("TriggerAuthentication", "messaging", "/spec/secretTargetRefs")]
    public async Task A_misspelt_field_is_refused_by_its_path(string kind, string component, string path)
    {
        var node = (await Helm.Template()).Named(kind, component).DeepClone();
        Parent(node, path)[path[(path.LastIndexOf('/') + 1)..]] = new JsonObject();
        Assert.Equal([$"{kind}/tsvlm-{component}: {path} is not a field of the schema"],
            await Helm.Faults(new JsonArray(node).ToJsonString()));
    }

    /// <summary>Every field that the chart sets, once for each kind of object and place: with one letter more it must be refused.</summary>
    [Fact]
    public async Task Every_field_of_the_chart_is_refused_once_it_is_misspelt()
    {
        var fields = new Dictionary<string, (JsonNode Object, string Path)>();
        foreach (var valueSet in Helm.ValueSets.Select(row => row.Data))
        {
            foreach (var node in (await Helm.Template(valueSet)).Objects)
            {
                foreach (var path in Fields(node, ""))
                    fields.TryAdd($"{Text(node["kind"])}{Number().Replace(path, "/0")}", (node, path));
            }
        }
        Assert.True(fields.Count > 300, $"Only {fields.Count} fields were found.");
        var (misspelt, expected) = (new JsonArray(), new List<string>());
        foreach (var (node, path) in fields.Values)
        {
            var copy = node.DeepClone();
            var parent = Parent(copy, path).AsObject();
            var name = path[(path.LastIndexOf('/') + 1)..];
            copy["metadata"]!["name"] = $"field-{misspelt.Count}";
            var value = parent[name]!.DeepClone();
            parent.Remove(name);
            parent[name + "x"] = value;
            expected.Add($"{Text(copy["kind"])}/field-{misspelt.Count}: {path}x is not a field of the schema");
            misspelt.Add(copy);
        }
        Assert.Empty(expected.Except(await Helm.Faults(misspelt.ToJsonString())));
    }

    [Fact]
    public void A_field_that_is_given_twice_is_refused() =>
        Assert.ThrowsAny<YamlDotNet.Core.YamlException>(() => YamlDocuments.Parse("kind: Pod\nspec: {}\nspec: {}\n"));

    private static IEnumerable<string> Fields(JsonNode? node, string path) => node switch
    {
        // A key with a slash is a label: the selector of a Service is a map of those.
        JsonObject map => map.Where(field => !field.Key.Contains('/'))
            .SelectMany(field => Fields(field.Value, $"{path}/{field.Key}").Prepend($"{path}/{field.Key}"))
            .Where(field => !Identity.Contains(field) && !IsInsideMap(field)),
        JsonArray list => list.SelectMany((item, i) => Fields(item, $"{path}/{i}")),
        _ => [],
    };

    private static bool IsInsideMap(string path) =>
        path.Split('/')[..^1].Intersect(Maps).Any() || TriggerSetting().IsMatch(path);

    private static JsonNode Parent(JsonNode node, string path) => path.Split('/')[1..^1]
        .Aggregate(node, (at, name) => at is JsonArray list ? list[int.Parse(name)]! : at[name]!);

    [GeneratedRegex(@"/\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"/triggers/\d+/metadata/")]
    private static partial Regex TriggerSetting();
}
