using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace TsVlm.AppHost.Tests;

/// <summary>The model alone: nothing is started, so no Docker is needed.</summary>
public class AppHostModelTests
{
    private static readonly string[] Services = ["scenarios", "datagen", "trainer", "evaluator"];

    [Fact]
    public async Task Every_service_refers_to_broker_and_blobs_and_waits_for_them()
    {
        await using var model = await Model();
        foreach (var service in Services.Select(name => Project(model, name)))
        {
            string[] expected = service.Name == "scenarios" ? ["blobs", "messaging", "runs"] : ["blobs", "messaging"];
            var references = service.Annotations.OfType<ResourceRelationshipAnnotation>().Where(r => r.Type == "Reference")
                .Select(r => r.Resource.Name);
            Assert.Equal(expected, references.Intersect(["blobs", "messaging", "runs"]).Order());
            Assert.Subset(service.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource.Name).ToHashSet(), expected.ToHashSet());
        }
    }

    [Fact]
    public async Task The_pages_know_the_address_of_the_scenarios_service_and_no_other_server()
    {
        await using var model = await Model();
        var web = Project(model, "web");
        var environment = await Environment(web);
        Assert.Equal("scenarios", Assert.IsType<EndpointReference>(environment["Scenarios__Address"]).Resource.Name);
        Assert.DoesNotContain(environment.Keys, key => key.StartsWith("ConnectionStrings__", StringComparison.Ordinal) || key == "Api__Key");
        Assert.Equal(["scenarios"], web.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource.Name).Distinct());
    }

    [Fact]
    public async Task Every_service_has_one_endpoint_with_readiness_and_liveness()
    {
        await using var model = await Model();
        foreach (var service in Services.Append("web").Select(name => Project(model, name)))
        {
            Assert.Equal("http", Assert.Single(service.Annotations.OfType<EndpointAnnotation>()).Name);
            Assert.Equal([ProbeType.Readiness, ProbeType.Liveness], service.Annotations.OfType<ProbeAnnotation>().Select(p => p.Type));
        }
    }

    [Fact]
    public async Task Replicas_are_settings()
    {
        await using var model = await Model("--Trainer:Replicas", "3");
        Assert.Equal(3, Project(model, "trainer").Annotations.OfType<ReplicaAnnotation>().Last().Replicas);
        Assert.Equal(1, Project(model, "evaluator").Annotations.OfType<ReplicaAnnotation>().Last().Replicas);
    }

    [Fact]
    public async Task Data_of_servers_is_on_named_volumes()
    {
        await using var model = await Model("--Servers", "containers");
        var volumes = model.Resources.SelectMany(r => r.Annotations.OfType<ContainerMountAnnotation>())
            .Where(m => m.Type == ContainerMountType.Volume);
        Assert.Equal(["tsvlm-azurite-data", "tsvlm-messaging-data", "tsvlm-postgres-data"], volumes.Select(v => v.Source).Order());
    }

    [Fact]
    public async Task The_broker_lets_a_training_hold_its_delivery_for_days()
    {
        await using var model = await Model("--Servers", "containers");
        var broker = Assert.Single(model.Resources, r => r.Name == "messaging");
        Assert.Equal("-rabbit consumer_timeout 604800000", (await Environment(broker))["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"]);
    }

    [Fact]
    public async Task The_evaluator_uses_a_GPU_only_where_set()
    {
        await using var without = await Model();
        Assert.Equal("auto", (await Environment(Project(without, "trainer")))["Trainer__Device"]);
        Assert.False((await Environment(Project(without, "evaluator"))).ContainsKey("Evaluator__Device"));
        await using var with = await Model("--Evaluator:Gpu", "true");
        Assert.Equal("auto", (await Environment(Project(with, "evaluator")))["Evaluator__Device"]);
    }

    [Theory]
    [InlineData("processes", true)]
    [InlineData("containers", false)]
    public async Task Servers_are_processes_or_containers(string servers, bool areProcesses)
    {
        await using var model = await Model("--Servers", servers);
        string[] names = ["blobs", "messaging", "runs"];
        Assert.Equal(areProcesses ? names : [], model.Resources.OfType<ExecutableResource>().Select(r => r.Name).Intersect(names).Order());
        Assert.Equal(areProcesses ? 0 : 3, model.Resources.OfType<ContainerResource>().Count());
    }

    [Fact]
    public async Task Servers_of_another_kind_are_refused()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Model("--Servers", "magic"));
        Assert.Contains("Servers: expected containers or processes, found magic.", error.ToString());
    }

    [Fact]
    public async Task The_scenarios_service_has_the_operator_s_commands()
    {
        await using var model = await Model();
        var commands = Project(model, "scenarios").Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.Name);
        Assert.Superset(new HashSet<string> { "submit-quick", "retry-failed", "gc-dry-run", "cancel-all" }, commands.ToHashSet());
    }

    /// <summary>The variables by name, as the callbacks leave them, without the values that only a started resource has.</summary>
    private static async Task<Dictionary<string, object>> Environment(IResource resource)
    {
        var context = new EnvironmentCallbackContext(new DistributedApplicationExecutionContext(DistributedApplicationOperation.Publish),
            resource);
        foreach (var callback in resource.Annotations.OfType<EnvironmentCallbackAnnotation>()) await callback.Callback(context);
        return context.EnvironmentVariables;
    }

    private static Task<IDistributedApplicationTestingBuilder> Model(params string[] args) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.TsVlm_AppHost>(args);

    private static ProjectResource Project(IDistributedApplicationTestingBuilder model, string name) =>
        Assert.Single(model.Resources.OfType<ProjectResource>(), r => r.Name == name);
}
