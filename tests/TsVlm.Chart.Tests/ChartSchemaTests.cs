using System.Text.Json.Nodes;

namespace TsVlm.Chart.Tests;

public class ChartSchemaTests
{
    public static TheoryData<string?> ValueSets => Helm.ValueSets;

    [Theory]
    [MemberData(nameof(ValueSets))]
    public async Task Helm_finds_nothing_to_complain_of(string? valueSet)
    {
        var (exitCode, output, error) = await Helm.Run(["lint", "--strict", Rendering.ChartFolder, .. Helm.Arguments(valueSet)]);
        Assert.True(exitCode == 0, output + error);
        Assert.DoesNotContain("[WARNING]", output);
    }

    [Theory]
    [MemberData(nameof(ValueSets))]
    public async Task Every_object_keeps_to_the_schemas_of_Kubernetes_and_KEDA(string? valueSet)
    {
        var rendering = await Helm.Template(valueSet);
        Assert.True(rendering.Objects.Count > 20, $"Only {rendering.Objects.Count} objects were rendered.");
        Assert.Empty(await Helm.Faults(new JsonArray([.. rendering.Objects.Select(o => o.DeepClone())]).ToJsonString()));
    }

    [Fact]
    public async Task A_wrong_type_a_misspelt_field_and_an_unknown_kind_are_faults()
    {
        var trainer = (await Helm.Template()).Named("Deployment", "trainer");
        var pod = trainer["spec"]!["template"]!["spec"]!.AsObject();
        pod["terminationGracePeriod"] = 120;
        pod["hostNetwork"] = "yes";
        var scaler = new JsonObject { ["apiVersion"] = "keda.sh/v1alpha1", ["kind"] = "ScaledObjekt", ["metadata"] =
            new JsonObject { ["name"] = "trainer" } };
        var faults = await Helm.Faults(new JsonArray(trainer.DeepClone(), scaler).ToJsonString());
        Assert.Equal(3, faults.Length);
        Assert.Contains("hostNetwork must be boolean", faults[0]);
        Assert.Contains("/spec/template/spec/terminationGracePeriod is not a field", faults[1]);
        Assert.Contains("no schema of keda.sh/v1alpha1 ScaledObjekt", faults[2]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cluster")]
    [InlineData("azure")]
    public async Task No_two_objects_share_kind_and_name_and_all_live_in_the_release_s_namespace(string? valueSet)
    {
        var objects = (await Helm.Template(valueSet)).Objects;
        Assert.Equal(objects.Count, objects.Select(o => (Rendering.Text(o["kind"]), Rendering.Name(o))).Distinct().Count());
        Assert.All(objects, o => Assert.Equal("timeseries", Rendering.Text(o["metadata"]!["namespace"])));
    }

    [Theory]
    [InlineData("workers.trainer.gpus=1", "/workers/trainer")]
    [InlineData("workers.teacher.replicas=1", "/workers")]
    [InlineData("workers.trainer.terminationGracePeriodSeconds=10", "/workers/trainer/terminationGracePeriodSeconds")]
    [InlineData("workers.trainer.gpu.count=0", "/workers/trainer/gpu/count")]
    [InlineData("workers.trainer.autoscaling.scaleDown=now", "/workers/trainer/autoscaling/scaleDown")]
    [InlineData("workers.trainer.resources.limits.memory=lots", "/workers/trainer/resources/limits/memory")]
    [InlineData("messaging.rabbitmq.consumerTimeoutMilliseconds=1800000", "/messaging/rabbitmq/consumerTimeoutMilliseconds")]
    [InlineData("messaging.bundled=false", "/messaging/secret/name")]
    [InlineData("database.bundled=false", "/database/secret/name")]
    [InlineData("blobs.bundled=false", "/blobs")]
    [InlineData("blobs.uri=https://a.blob.core.windows.net", "/blobs/uri")]
    [InlineData("blobs.uri=http://a.blob.core.windows.net", "/blobs/uri")]
    [InlineData("image.registry=https://registry.example.org", "/image/registry")]
    [InlineData("telemetry.endpoint=collector:4317", "/telemetry/endpoint")]
    [InlineData("telemetry.protocol=http", "/telemetry/protocol")]
    [InlineData("telemetry.sampler=always_on", "/telemetry/sampler")]
    [InlineData("telemetry.samplerRatio=2", "/telemetry/samplerRatio")]
    [InlineData(@"telemetry.resourceAttributes.team=a\,b", "/telemetry/resourceAttributes/team")]
    [InlineData("grafanaDashboard.label=x", "/grafanaDashboard")]
    [InlineData("smokeTest.timeoutSeconds=0", "/smokeTest/timeoutSeconds")]
    [InlineData("scenarios.replicas=2", "/scenarios")]
    [InlineData("scenarios.maxStagesInFlight=0", "/scenarios/maxStagesInFlight")]
    public async Task A_wrong_value_is_refused_by_its_path(string setting, string path) =>
        Assert.Contains($"at '{path}", await Helm.Refusal(null, setting));

    [Fact]
    public async Task A_storage_account_is_named_by_secret_or_by_address_not_by_both() =>
        Assert.Contains("at '/blobs'", await Helm.Refusal("azure", "blobs.secret.name=storage"));
}
