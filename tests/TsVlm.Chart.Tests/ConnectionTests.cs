using System.Text;
using static TsVlm.Deploy.Tests.Rendering;

namespace TsVlm.Chart.Tests;

public class ConnectionTests
{
    public static TheoryData<string?> ValueSets => Helm.ValueSets;

    [Theory]
    [MemberData(nameof(ValueSets))]
    public async Task Every_service_is_given_what_it_needs_and_nothing_it_does_not_read(string? valueSet)
    {
        var rendering = await Helm.Template(valueSet);
        Assert.Empty(ServiceContract.Services.SelectMany(s => ServiceContract.Differences(s, rendering.Environment(s).Keys)));
    }

    [Fact]
    public async Task Bundled_secrets_are_created_once_with_a_random_password()
    {
        var first = await Helm.Template();
        var second = await Helm.Template();
        foreach (var (secret, key) in new[] { ("messaging", "password"), ("runs", "password"), ("blobs", "accountKey"), ("api", "apiKey") })
        {
            var password = Text(first.Named("Secret", secret)["stringData"]![key]);
            Assert.True(password.Length >= 32, $"{secret}/{key} has only {password.Length} characters.");
            Assert.NotEqual(password, Text(second.Named("Secret", secret)["stringData"]![key]));
            Assert.Equal("keep", Text(first.Named("Secret", secret)["metadata"]!["annotations"]!["helm.sh/resource-policy"]));
        }
    }

    [Fact]
    public async Task Bundled_servers_and_services_are_told_the_same_password()
    {
        var rendering = await Helm.Template();
        var messaging = rendering.Named("Secret", "messaging")["stringData"]!;
        Assert.Equal($"amqp://tsvlm:{messaging["password"]}@tsvlm-rabbitmq:5672/", Text(messaging["uri"]));
        Assert.Equal($"http://tsvlm:{messaging["password"]}@tsvlm-rabbitmq.timeseries.svc:15672/", Text(messaging["management"]));
        var runs = rendering.Named("Secret", "runs")["stringData"]!;
        Assert.Equal($"Host=tsvlm-postgres;Port=5432;Database=runs;Username=tsvlm;Password={runs["password"]}",
            Text(runs["connectionString"]));
        var blobs = rendering.Named("Secret", "blobs")["stringData"]!;
        var key = Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(blobs["accountKey"])));
        Assert.Equal($"tsvlm:{key}", Text(blobs["accounts"]));
        Assert.Contains($"AccountName=tsvlm;AccountKey={key};BlobEndpoint=http://tsvlm-azurite:10000/tsvlm",
            Text(blobs["connectionString"]));
        Assert.All(["rabbitmq", "postgres", "azurite"],
            server => Assert.Single(rendering.OfKind("Service"), s => Name(s) == $"tsvlm-{server}"));
    }

    [Fact]
    public async Task External_connections_are_named_by_secret_and_nothing_secret_is_rendered()
    {
        var rendering = await Helm.Template("cluster");
        Assert.Empty(rendering.OfKind("Secret"));
        Assert.Empty(rendering.OfKind("StatefulSet"));
        var environment = rendering.Environment("scenarios");
        Assert.Equal("tsvlm-rabbitmq/amqp", environment["ConnectionStrings__messaging"]);
        Assert.Equal("tsvlm-postgres/connectionString", environment["ConnectionStrings__runs"]);
        Assert.Equal("tsvlm-storage/connectionString", environment["ConnectionStrings__blobs"]);
        Assert.Equal("tsvlm-api-key/token", environment["Api__Key"]);
    }

    [Fact]
    public async Task With_workload_identity_blobs_need_an_address_and_no_secret()
    {
        var rendering = await Helm.Template("azure");
        foreach (var service in ServiceContract.Pipeline)
        {
            Assert.Equal("https://example.blob.core.windows.net", rendering.Environment(service)["ConnectionStrings__blobs"]);
            Assert.Equal("true",
                Text(rendering.Named("Deployment", service)["spec"]!["template"]!["metadata"]!["labels"]!["azure.workload.identity/use"]));
            Assert.NotNull(rendering.Named("ServiceAccount", service)["metadata"]!["annotations"]!["azure.workload.identity/client-id"]);
            Assert.Equal($"tsvlm-{service}", Text(rendering.Pod(service)["serviceAccountName"]));
        }
    }

    [Fact]
    public async Task The_bundled_broker_lets_a_training_hold_its_delivery_for_days()
    {
        var settings = Text((await Helm.Template()).Named("ConfigMap", "rabbitmq")["data"]!["20-tsvlm.conf"]);
        Assert.Contains("\nconsumer_timeout = 604800000\n", settings);
    }

    [Fact]
    public async Task Images_come_from_one_s_own_registry_with_one_s_own_credentials()
    {
        var rendering = await Helm.Template("cluster", "workers.datagen.image.digest=sha256:" + new string('a', 64));
        Assert.Equal("registry.example.org/timeseries/tsvlm-scenarios:0.1.0", Text(rendering.Container("scenarios")["image"]));
        Assert.Equal("registry.example.org/timeseries/tsvlm-trainer:0.1.0-cuda", Text(rendering.Container("trainer")["image"]));
        Assert.Equal("registry.example.org/timeseries/tsvlm-datagen@sha256:"
            + new string('a', 64), Text(rendering.Container("datagen")["image"]));
        Assert.All(ServiceContract.Services,
            s => Assert.Equal("registry-credentials", Text(Assert.Single(Items(rendering.Pod(s)["imagePullSecrets"]))["name"])));
    }

    [Fact]
    public async Task The_pages_are_told_the_address_of_the_API_and_no_secret()
    {
        var rendering = await Helm.Template("cluster", "scenarios.service.port=8088");
        Assert.Equal("http://tsvlm-scenarios:8088", rendering.Environment("web")["Scenarios__Address"]);
        Assert.DoesNotContain(rendering.Environment("web").Values, value => value.StartsWith("tsvlm-", StringComparison.Ordinal) && value != "tsvlm-telemetry/headers");
        Assert.Equal(["/tmp"], Items(rendering.Container("web")["volumeMounts"]).Select(m => Text(m["mountPath"])));
        var hosts = Items(rendering.Named("Ingress", "scenarios")["spec"]!["rules"]).Select(rule => Text(rule["host"]));
        Assert.Equal(["tsvlm.example.org", "pages.tsvlm.example.org"], hosts);
    }

    [Fact]
    public async Task Pages_that_are_not_wanted_leave_nothing_behind()
    {
        var rendering = await Helm.Template(null, "web.enabled=false");
        Assert.DoesNotContain(rendering.Objects, o => Name(o) == "tsvlm-web");
        Assert.NotEmpty(rendering.OfKind("Deployment"));
    }

    [Fact]
    public async Task Models_are_read_by_all_and_data_sets_by_scenarios_alone()
    {
        var rendering = await Helm.Template("cluster");
        Assert.All(ServiceContract.Pipeline, s => Assert.Equal("/models", rendering.Environment(s)["Models__Directory"]));
        Assert.Equal(["scenarios"], ServiceContract.Pipeline.Where(s => rendering.Environment(s).ContainsKey("Data__Directory")));
        var claim = Assert.Single(rendering.OfKind("PersistentVolumeClaim"));
        Assert.Equal(("tsvlm-data", "keep"), (Name(claim), Text(claim["metadata"]!["annotations"]!["helm.sh/resource-policy"])));
        Assert.Contains(Items(rendering.Pod("trainer")["volumes"]), v => Text(v["persistentVolumeClaim"]?["claimName"]) == "shared-models");
    }
}
