using static TsVlm.Deploy.Tests.Rendering;

namespace TsVlm.Chart.Tests;

public class ScalingTests
{
    [Fact]
    public async Task Each_worker_is_scaled_from_zero_on_the_length_of_its_own_queues()
    {
        var rendering = await Helm.Template();
        Assert.Equal(ServiceContract.Workers.Length, rendering.OfKind("ScaledObject").Count());
        foreach (var worker in ServiceContract.Workers)
        {
            var scaler = rendering.Named("ScaledObject", worker)["spec"]!;
            Assert.Equal($"tsvlm-{worker}", Text(scaler["scaleTargetRef"]!["name"]));
            Assert.Equal(0, (int)scaler["minReplicaCount"]!);
            Assert.Equal(ServiceContract.Queues[worker], Items(scaler["triggers"]).Select(t => Text(t["metadata"]!["queueName"])));
            Assert.All(Items(scaler["triggers"]),
                t => Assert.Equal(("QueueLength", "1"), (Text(t["metadata"]!["mode"]), Text(t["metadata"]!["value"]))));
        }
    }

    /// <summary>Over AMQP a queue's length is what waits; a trainer at work would look idle and be taken away.</summary>
    [Fact]
    public async Task Messages_in_work_count_because_the_management_API_is_asked()
    {
        var rendering = await Helm.Template();
        Assert.All(rendering.OfKind("ScaledObject").SelectMany(s => Items(s["spec"]!["triggers"])), t =>
        {
            Assert.Equal("http", Text(t["metadata"]!["protocol"]));
            Assert.Equal("tsvlm-messaging", Text(t["authenticationRef"]!["name"]));
        });
        var target = Assert.Single(Items(rendering.Named("TriggerAuthentication", "messaging")["spec"]!["secretTargetRef"]));
        Assert.Equal(("host", "tsvlm-messaging", "management"), (Text(target["parameter"]), Text(target["name"]), Text(target["key"])));
        Assert.StartsWith("http://", Text(rendering.Named("Secret", "messaging")["stringData"]!["management"]));
    }

    [Fact]
    public async Task No_pod_is_taken_away_while_there_is_work_unless_asked_to()
    {
        var rendering = await Helm.Template(null, "workers.evaluator.autoscaling.scaleDown=gradually");
        Assert.Equal("Disabled", Text(ScaleDown(rendering, "trainer")["selectPolicy"]));
        Assert.Equal(600, (int)ScaleDown(rendering, "evaluator")["stabilizationWindowSeconds"]!);
    }

    [Fact]
    public async Task A_scaled_deployment_leaves_its_number_of_pods_to_the_scaler()
    {
        var scaled = await Helm.Template();
        Assert.All(ServiceContract.Workers, w => Assert.Null(scaled.Named("Deployment", w)["spec"]!["replicas"]));

        var one = await Helm.Template(null, "workers.datagen.autoscaling.enabled=false", "workers.datagen.replicas=3");
        Assert.Equal(3, (int)one.Named("Deployment", "datagen")["spec"]!["replicas"]!);
        Assert.DoesNotContain(one.OfKind("ScaledObject"), s => Name(s) == "tsvlm-datagen");

        var fixedNumbers = await Helm.Template("try");
        Assert.All(ServiceContract.Workers, w => Assert.Equal(1, (int)fixedNumbers.Named("Deployment", w)["spec"]!["replicas"]!));
        Assert.Empty(fixedNumbers.Objects.Where(o => Text(o["apiVersion"]).StartsWith("keda.sh", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_launcher_runs_as_one_replica_at_a_time()
    {
        var scenarios = (await Helm.Template("cluster")).Named("Deployment", "scenarios")["spec"]!;
        Assert.Equal((1, "Recreate"), ((int)scenarios["replicas"]!, Text(scenarios["strategy"]!["type"])));
    }

    private static System.Text.Json.Nodes.JsonNode ScaleDown(Rendering rendering, string worker) =>
        rendering.Named("ScaledObject", worker)["spec"]!["advanced"]!["horizontalPodAutoscalerConfig"]!["behavior"]!["scaleDown"]!;
}
