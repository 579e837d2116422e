using TsVlm.Tests.Telemetry;

namespace TsVlm.Distributed.Tests;

/// <summary>The variables that the Helm chart sets for telemetry, as a collector sees their effect.</summary>
public sealed class TelemetrySettingTests(Servers servers) : IDisposable
{
    private readonly TelemetryReceiver received = new();

    [Fact]
    public async Task Headers_resource_attributes_and_the_sampler_of_the_environment_hold_for_what_a_service_sends()
    {
        var settings = new Dictionary<string, string>(received.Settings)
        {
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-token=secret-token",
            ["OTEL_SERVICE_NAME"] = "scenarios",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "k8s.pod.name=tsvlm-scenarios-0,service.namespace=timeseries,service.version=0.1.0",
            ["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio",
            ["OTEL_TRACES_SAMPLER_ARG"] = "0",
        };
        await using var system = await DistributedSystem.Start(servers, settings);
        await system.Submit(Grids.Of("unsampled", 1, Grids.Scenario("a")));
        await Wait.Until(() => Task.FromResult(received.Metrics.Any(metric => metric.Name == "http.server.request.duration")
            && received.Logs.Count > 0), () => system.Logs, seconds: 20);
        Assert.All(received.Sources, source =>
        {
            Assert.Equal("secret-token", source.Token);
            Assert.Equal(("scenarios", "timeseries", "0.1.0", "tsvlm-scenarios-0"), ((string)source.Resource["service.name"],
                (string)source.Resource["service.namespace"], (string)source.Resource["service.version"],
                (string)source.Resource["k8s.pod.name"]));
        });
        Assert.Empty(received.Spans);
    }

    public void Dispose() => received.Dispose();
}
