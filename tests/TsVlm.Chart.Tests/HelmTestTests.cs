using static TsVlm.Deploy.Tests.Rendering;

namespace TsVlm.Chart.Tests;

/// <summary>The pod of <c>helm test</c>. What it does is tested against running services (SmokeTestTests).</summary>
public class HelmTestTests
{
    public static TheoryData<string?> ValueSets => Helm.ValueSets;

    [Theory]
    [MemberData(nameof(ValueSets))]
    public async Task The_test_runs_the_image_and_the_key_of_scenarios_against_its_Service(string? valueSet)
    {
        var rendering = await Helm.Template(valueSet);
        var pod = rendering.TestPod;
        Assert.Equal("test", Text(pod["metadata"]!["annotations"]!["helm.sh/hook"]));
        Assert.Equal("before-hook-creation", Text(pod["metadata"]!["annotations"]!["helm.sh/hook-delete-policy"]));
        Assert.Equal("Never", Text(pod["spec"]!["restartPolicy"]));
        var container = Assert.Single(Items(pod["spec"]!["containers"]));
        Assert.Equal(Text(rendering.Container("scenarios")["image"]), Text(container["image"]));
        Assert.Equal(["smoke-test"], Items(container["args"]).Select(Text));
        var environment = EnvironmentOf(container);
        Assert.Equal(ServiceContract.SmokeTest.Order(), environment.Keys.Order());
        Assert.Equal(rendering.Environment("scenarios")["Api__Key"], environment["Api__Key"]);
        var service = rendering.Named("Service", "scenarios");
        Assert.Equal($"http://{Name(service)}:{Assert.Single(Items(service["spec"]!["ports"]))["port"]}", environment["SmokeTest__Server"]);
    }

    [Fact]
    public async Task The_test_takes_its_limit_and_place_from_the_values()
    {
        var rendering = await Helm.Template("cluster", "scenarios.nodeSelector.disk=ssd");
        Assert.Equal("1800", EnvironmentOf(Items(rendering.TestPod["spec"]!["containers"]).Single())["SmokeTest__TimeoutSeconds"]);
        Assert.Equal("ssd", Text(rendering.TestPod["spec"]!["nodeSelector"]!["disk"]));
        Assert.Equal("registry-credentials", Text(Assert.Single(Items(rendering.TestPod["spec"]!["imagePullSecrets"]))["name"]));
    }
}
