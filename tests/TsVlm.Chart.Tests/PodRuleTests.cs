using System.Text.Json.Nodes;
using static TsVlm.Deploy.Tests.Rendering;

namespace TsVlm.Chart.Tests;

/// <summary>What every cluster with restricted pods asks for, and what the services need to stop well.</summary>
public class PodRuleTests
{
    public static TheoryData<string?> ValueSets => Helm.ValueSets;

    [Theory]
    [MemberData(nameof(ValueSets))]
    public async Task No_pod_runs_as_root_or_writes_to_its_image_or_has_a_token_of_the_cluster(string? valueSet)
    {
        var rendering = await Helm.Template(valueSet);
        foreach (var pod in rendering.Pods.Append(rendering.TestPod["spec"]!))
        {
            Assert.True((bool)pod["securityContext"]!["runAsNonRoot"]!);
            Assert.True((int)pod["securityContext"]!["runAsUser"]! > 0);
            Assert.Equal("RuntimeDefault", Text(pod["securityContext"]!["seccompProfile"]!["type"]));
            Assert.False((bool)pod["automountServiceAccountToken"]!);
            var security = Assert.Single(Items(pod["containers"]))["securityContext"]!;
            Assert.True((bool)security["readOnlyRootFilesystem"]!);
            Assert.False((bool)security["allowPrivilegeEscalation"]!);
            Assert.Equal("ALL", Text(Assert.Single(Items(security["capabilities"]!["drop"]))));
        }
    }

    [Theory]
    [MemberData(nameof(ValueSets))]
    public async Task Every_container_has_three_probes_requests_and_a_memory_limit(string? valueSet)
    {
        foreach (var container in (await Helm.Template(valueSet)).Pods.Select(p => Assert.Single(Items(p["containers"]))))
        {
            Assert.All(["startupProbe", "livenessProbe", "readinessProbe"], probe => Assert.NotNull(container[probe]));
            Assert.NotNull(container["resources"]!["requests"]!["cpu"]);
            Assert.NotNull(container["resources"]!["requests"]!["memory"]);
            Assert.NotNull(container["resources"]!["limits"]!["memory"]);
        }
    }

    [Fact]
    public async Task A_service_is_ready_by_health_and_alive_by_alive()
    {
        var rendering = await Helm.Template();
        foreach (var container in ServiceContract.Services.Select(rendering.Container))
        {
            Assert.Equal("/health", Text(container["readinessProbe"]!["httpGet"]!["path"]));
            Assert.Equal("/alive", Text(container["livenessProbe"]!["httpGet"]!["path"]));
            Assert.Equal("/alive", Text(container["startupProbe"]!["httpGet"]!["path"]));
            Assert.Equal(8080, (int)Items(container["ports"]).Single(p => Text(p["name"]) == "http")["containerPort"]!);
        }
    }

    [Theory]
    [MemberData(nameof(ValueSets))]
    public async Task Each_mount_has_its_volume_and_each_volume_its_mount(string? valueSet)
    {
        var rendering = await Helm.Template(valueSet);
        foreach (var workload in rendering.Objects.Where(o => o["spec"]?["template"] is not null).Append(rendering.TestPod))
        {
            var pod = workload["spec"]!["template"]?["spec"] ?? workload["spec"]!;
            var volumes = Items(pod["volumes"]).Select(v => Text(v["name"]))
                .Concat(Items(workload["spec"]!["volumeClaimTemplates"]).Select(Name));
            var mounts = Items(pod["containers"]).SelectMany(c => Items(c["volumeMounts"])).Select(m => Text(m["name"]));
            Assert.Equal(volumes.Order(), mounts.Order());
        }
    }

    [Fact]
    public async Task A_worker_has_two_minutes_to_checkpoint_and_a_folder_for_its_work()
    {
        var rendering = await Helm.Template();
        foreach (var worker in ServiceContract.Workers)
        {
            Assert.Equal(120, (int)rendering.Pod(worker)["terminationGracePeriodSeconds"]!);
            Assert.Contains(Items(rendering.Container(worker)["volumeMounts"]),
                m => Text(m["mountPath"]) == rendering.Environment(worker)["Work__Directory"]);
        }
    }

    [Fact]
    public async Task Each_service_may_lose_one_pod_at_a_time_to_a_drain()
    {
        var rendering = await Helm.Template();
        foreach (var service in ServiceContract.Services)
        {
            var budget = rendering.Named("PodDisruptionBudget", service)["spec"]!;
            Assert.Equal(1, (int)budget["maxUnavailable"]!);
            Assert.True(JsonNode.DeepEquals(budget["selector"], rendering.Named("Deployment", service)["spec"]!["selector"]));
        }
    }

    [Fact]
    public async Task Only_the_trainer_is_pinned_to_a_gpu_and_the_evaluator_by_a_setting()
    {
        var byDefault = await Helm.Template();
        Assert.Equal(["trainer"], ServiceContract.Services.Where(s => IsPinned(byDefault, s)));
        Assert.Equal(("cuda", "cpu"), (byDefault.Environment("trainer")["Trainer__Device"],
            byDefault.Environment("evaluator")["Evaluator__Device"]));

        var both = await Helm.Template(null, "workers.evaluator.gpu.enabled=true");
        Assert.Equal(["trainer", "evaluator"], ServiceContract.Services.Where(s => IsPinned(both, s)));
        Assert.Equal("cuda", both.Environment("evaluator")["Evaluator__Device"]);

        var none = await Helm.Template(null, "workers.trainer.gpu.enabled=false");
        Assert.DoesNotContain(ServiceContract.Services, s => IsPinned(none, s));
        Assert.Equal("cpu", none.Environment("trainer")["Trainer__Device"]);
    }

    /// <summary>Label, taint and limit: all three, or none.</summary>
    private static bool IsPinned(Rendering rendering, string service)
    {
        var pod = rendering.Pod(service);
        bool[] pins =
        [
            Text(pod["nodeSelector"]?["nvidia.com/gpu.present"]) == "true",
            Items(pod["tolerations"]).Any(t => Text(t["key"]) == "nvidia.com/gpu"),
            Text(rendering.Container(service)["resources"]!["limits"]!["nvidia.com/gpu"]) == "1",
        ];
        Assert.Single(pins.Distinct());
        return pins[0];
    }

    [Fact]
    public async Task Pods_spread_over_nodes_only_where_asked_to()
    {
        Assert.Null((await Helm.Template()).Pod("trainer")["topologySpreadConstraints"]);
        var spread = Assert.Single(Items((await Helm.Template("cluster")).Pod("trainer")["topologySpreadConstraints"]));
        Assert.Equal("trainer", Text(spread["labelSelector"]!["matchLabels"]!["app.kubernetes.io/component"]));
    }
}
