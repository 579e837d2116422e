using System.Text.Json.Nodes;
using static TsVlm.Deploy.Tests.Rendering;

namespace TsVlm.Chart.Tests;

public class NetworkPolicyTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("cluster")]
    [InlineData("azure")]
    public async Task No_pod_is_outside_every_policy(string? valueSet)
    {
        var rendering = await Helm.Template(valueSet);
        var covered = rendering.OfKind("NetworkPolicy").SelectMany(p => Selected(p["spec"]!["podSelector"]!)).ToHashSet();
        Assert.Subset(covered, rendering.Objects.Where(o => o["spec"]?["template"] is not null).Select(o => o["spec"]!["template"]!)
            .Append(rendering.TestPod).Select(pod => Text(pod["metadata"]!["labels"]!["app.kubernetes.io/component"])).ToHashSet());
    }

    [Fact]
    public async Task Only_scenarios_reaches_the_database_and_only_KEDA_the_management_port()
    {
        var rendering = await Helm.Template();
        Assert.Equal(["scenarios"], Callers(rendering, "postgres", 5432));
        Assert.Equal(ServiceContract.Pipeline, Callers(rendering, "rabbitmq", 5672));
        Assert.Equal(ServiceContract.Pipeline, Callers(rendering, "azurite", 10000));
        Assert.Equal(["namespace keda"], Callers(rendering, "rabbitmq", 15672));
    }

    [Fact]
    public async Task A_worker_accepts_no_calls_and_the_API_accepts_those_that_the_values_allow()
    {
        var rendering = await Helm.Template("cluster");
        Assert.Null(rendering.Named("NetworkPolicy", "services")["spec"]!["ingress"]);
        Assert.Equal(["namespace ingress-nginx", "smoke-test", "web"], Callers(rendering, "scenarios", 8080));
    }

    [Fact]
    public async Task The_pod_of_helm_test_reaches_the_API_and_nothing_else()
    {
        var rendering = await Helm.Template();
        Assert.Equal([53, 53, 8080], Egress(rendering, "smoke-test"));
        var peer = Assert.Single(Items(Items(rendering.Named("NetworkPolicy", "smoke-test")["spec"]!["egress"]).Last()["to"]));
        Assert.Equal(["scenarios"], Selected(peer["podSelector"]!));
        Assert.DoesNotContain("smoke-test", Callers(rendering, "rabbitmq", 5672));
    }

    [Fact]
    public async Task The_pages_reach_the_API_and_nothing_else()
    {
        var rendering = await Helm.Template();
        Assert.Equal([53, 53, 8080], Egress(rendering, "web"));
        var peer = Assert.Single(Items(Items(rendering.Named("NetworkPolicy", "web")["spec"]!["egress"]).Last()["to"]));
        Assert.Equal(["scenarios"], Selected(peer["podSelector"]!));
        Assert.Equal(["namespace ingress-nginx"], Callers(await Helm.Template("cluster"), "web", 8080));
    }

    [Fact]
    public async Task Telemetry_goes_to_the_collector_s_namespace_where_the_values_name_it()
    {
        Assert.Null(Collector(await Helm.Template("azure"))["to"]);
        var peer = Assert.Single(Items(Collector(await Helm.Template("cluster"))["to"]));
        Assert.Equal("observability", Text(peer["namespaceSelector"]!["matchLabels"]!["kubernetes.io/metadata.name"]));
    }

    private static JsonNode Collector(Rendering rendering) => Items(rendering.Named("NetworkPolicy", "services")["spec"]!["egress"])
        .Single(rule => Items(rule["ports"]).Any(p => (int)p["port"]! == 4317));

    [Fact]
    public async Task Services_go_out_to_name_servers_and_to_the_servers_they_are_told_of()
    {
        Assert.Equal([53, 53, 5672, 10000], Egress(await Helm.Template(), "services"));
        Assert.Equal([53, 53, 5671, 15671, 443, 4317, 4318], Egress(await Helm.Template("cluster"), "services"));
        Assert.Equal([5432], Egress(await Helm.Template("cluster"), "scenarios"));
    }

    private static IEnumerable<int> Egress(Rendering rendering, string policy) =>
        Items(rendering.Named("NetworkPolicy", policy)["spec"]!["egress"]).SelectMany(rule => Items(rule["ports"]))
        .Select(p => (int)p["port"]!);

    private static IEnumerable<string> Callers(Rendering rendering, string server, int port) =>
        Items(rendering.Named("NetworkPolicy", server)["spec"]!["ingress"])
        .Where(rule => Items(rule["ports"]).Any(p => (int)p["port"]! == port))
            .SelectMany(rule => Items(rule["from"])).SelectMany(from => from["podSelector"] is { } pods
                ? Selected(pods)
                : [$"namespace {from["namespaceSelector"]!["matchLabels"]!["kubernetes.io/metadata.name"]}"]);

    private static IEnumerable<string> Selected(JsonNode selector)
    {
        Assert.Equal("tsvlm", Text(selector["matchLabels"]!["app.kubernetes.io/instance"]));
        return Items(Assert.Single(Items(selector["matchExpressions"]))["values"]).Select(Text);
    }
}
