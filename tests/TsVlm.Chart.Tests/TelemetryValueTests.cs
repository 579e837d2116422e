using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TsVlm.Tests;
using static TsVlm.Deploy.Tests.Rendering;

namespace TsVlm.Chart.Tests;

/// <summary>What the values say of telemetry. That the services heed it is tested against a receiver (TelemetrySettingTests).</summary>
public partial class TelemetryValueTests
{
    [Fact]
    public async Task No_service_sends_telemetry_unless_the_values_name_a_collector()
    {
        var rendering = await Helm.Template();
        Assert.All(ServiceContract.Services, s => Assert.DoesNotContain(rendering.Environment(s).Keys,
            key => key.StartsWith("OTEL_", StringComparison.Ordinal) || ServiceContract.OfPod.Contains(key)));
    }

    [Fact]
    public async Task Every_service_sends_to_the_collector_with_the_headers_of_the_Secret()
    {
        var rendering = await Helm.Template("cluster");
        foreach (var service in ServiceContract.Services)
        {
            var environment = rendering.Environment(service);
            Assert.Equal("https://collector.observability:4317", environment["OTEL_EXPORTER_OTLP_ENDPOINT"]);
            Assert.Equal("grpc", environment["OTEL_EXPORTER_OTLP_PROTOCOL"]);
            Assert.Equal("tsvlm-telemetry/headers", environment["OTEL_EXPORTER_OTLP_HEADERS"]);
            Assert.Equal(service, environment["OTEL_SERVICE_NAME"]);
        }
        Assert.DoesNotContain("OTEL_EXPORTER_OTLP_HEADERS", (await Helm.Template("azure")).Environment("trainer").Keys);
    }

    [Fact]
    public async Task Resource_attributes_name_the_pod_by_variables_that_stand_before_them()
    {
        var rendering = await Helm.Template("cluster");
        var version = Text(rendering.Named("Deployment", "trainer")["metadata"]!["labels"]!["app.kubernetes.io/version"]);
        foreach (var service in ServiceContract.Services)
        {
            var environment = rendering.Environment(service);
            Assert.Equal("deployment.environment.name=production," + string.Join(',', "k8s.container.name=" + service,
                $"k8s.deployment.name=tsvlm-{service}", "k8s.namespace.name=$(POD_NAMESPACE)", "k8s.node.name=$(NODE_NAME)",
                "k8s.pod.name=$(POD_NAME)", "k8s.pod.uid=$(POD_UID)", "service.namespace=timeseries", $"service.version={version}"),
                environment["OTEL_RESOURCE_ATTRIBUTES"]);
            Assert.Equal(["metadata.name", "metadata.uid", "metadata.namespace", "spec.nodeName"],
                ServiceContract.OfPod.Select(key => environment[key]));
            var names = environment.Keys.ToList();
            Assert.All(Variable().Matches(environment["OTEL_RESOURCE_ATTRIBUTES"]), match =>
                Assert.InRange(names.IndexOf(match.Groups[1].Value), 0, names.IndexOf("OTEL_RESOURCE_ATTRIBUTES") - 1));
        }
        var own = await Helm.Template("cluster", @"telemetry.resourceAttributes.service\.namespace=research");
        Assert.Contains(",service.namespace=research,", own.Environment("trainer")["OTEL_RESOURCE_ATTRIBUTES"]);
    }

    [Fact]
    public async Task A_run_is_traced_whole_or_not_at_all()
    {
        var some = (await Helm.Template("cluster")).Environment("scenarios");
        Assert.Equal(("parentbased_traceidratio", "0.25"), (some["OTEL_TRACES_SAMPLER"], some["OTEL_TRACES_SAMPLER_ARG"]));
        var all = (await Helm.Template("azure")).Environment("scenarios");
        Assert.Equal("parentbased_always_on", all["OTEL_TRACES_SAMPLER"]);
        Assert.DoesNotContain("OTEL_TRACES_SAMPLER_ARG", all.Keys);
    }

    [Fact]
    public async Task The_dashboard_is_a_ConfigMap_for_Grafana_s_sidecar_where_asked_for()
    {
        Assert.DoesNotContain((await Helm.Template()).OfKind("ConfigMap"), o => Name(o) == "tsvlm-dashboard");
        var map = (await Helm.Template("cluster")).Named("ConfigMap", "dashboard");
        Assert.Equal("1", Text(map["metadata"]!["labels"]!["grafana_dashboard"]));
        Assert.Equal("Models", Text(map["metadata"]!["annotations"]!["grafana_folder"]));
        var file = File.ReadAllText(Path.Combine(TestFolders.Repository, ChartFolder, "dashboards/tsvlm.json"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(file), JsonNode.Parse(Text(map["data"]!["tsvlm.json"]))));
    }

    [GeneratedRegex(@"\$\((\w+)\)")]
    private static partial Regex Variable();
}
