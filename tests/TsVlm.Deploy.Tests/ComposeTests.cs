using System.Text.Json.Nodes;
using TsVlm.Tests;
using static TsVlm.Deploy.Tests.Rendering;

namespace TsVlm.Deploy.Tests;

public class ComposeTests
{
    private static JsonNode System { get; } = Read("compose.yaml");

    [Fact]
    public void The_compose_file_runs_the_five_services_and_their_three_servers() =>
        Assert.Equal([.. ServiceContract.Services, "rabbitmq", "azurite", "postgres"], Services(System).Select(s => s.Key));

    [Theory]
    [InlineData("compose.yaml")]
    [InlineData("compose.yaml", "compose.gpu.yaml")]
    [InlineData("compose.yaml", "compose.folders.yaml")]
    public void Every_service_is_given_what_it_needs_and_nothing_it_does_not_read(params string[] files)
    {
        foreach (var service in ServiceContract.Services)
        {
            var keys = files.Select(Read).SelectMany(f => f["services"]![service]?["environment"]?.AsObject() ?? []).Select(e => e.Key)
                .Distinct().ToList();
            Assert.Empty(ServiceContract.Differences(service, keys));
        }
    }

    [Fact]
    public void Every_password_is_one_s_own_and_the_example_names_it()
    {
        var text = File.ReadAllText(PathOf("compose.yaml"));
        var example = File.ReadAllText(PathOf(".env.example"));
        string[] secrets = ["RABBITMQ_PASSWORD", "POSTGRES_PASSWORD", "AZURITE_KEY", "TSVLM_API_KEY"];
        Assert.All(secrets, name =>
        {
            Assert.Contains($"${{{name}:?", text);
            Assert.DoesNotContain($"${{{name}}}", text);
            Assert.Contains($"\n{name}=\n", example);
        });
    }

    [Fact]
    public void Every_container_reports_its_health_and_services_wait_for_it()
    {
        Assert.All(Services(System), s => Assert.NotNull(s.Value!["healthcheck"]));
        foreach (var service in ServiceContract.Services)
        {
            string[] servers = service switch
            {
                "scenarios" => ["rabbitmq", "azurite", "postgres"],
                "web" => ["scenarios"],
                _ => ["rabbitmq", "azurite"],
            };
            var awaited = System["services"]![service]!["depends_on"]!.AsObject();
            Assert.Equal(servers, awaited.Select(d => d.Key));
            Assert.All(awaited, d => Assert.Equal("service_healthy", Text(d.Value!["condition"])));
        }
    }

    [Fact]
    public void A_stopped_worker_has_two_minutes_and_a_training_may_hold_its_delivery_for_days()
    {
        Assert.All(ServiceContract.Services, s => Assert.Equal("120s", Text(System["services"]![s]!["stop_grace_period"])));
        Assert.Contains("./rabbitmq.conf:/etc/rabbitmq/conf.d/20-tsvlm.conf:ro", Items(System["services"]!["rabbitmq"]!["volumes"])
            .Select(Text));
        Assert.Contains("\nconsumer_timeout = 604800000\n", File.ReadAllText(PathOf("rabbitmq.conf")));
    }

    [Fact]
    public void Data_of_servers_is_on_named_volumes_and_no_port_is_open_to_the_network()
    {
        foreach (var server in new[] { "rabbitmq", "azurite", "postgres" })
        {
            var named = Items(System["services"]![server]!["volumes"]).Select(v => Text(v).Split(':')[0]).Where(v => !v.StartsWith('.'));
            Assert.True(System["volumes"]!.AsObject().ContainsKey(Assert.Single(named)), $"{server}'s volume is not declared.");
        }
        Assert.All(Services(System).SelectMany(s => Items(s.Value!["ports"])), port => Assert.StartsWith("127.0.0.1:", Text(port)));
    }

    [Fact]
    public void Server_images_and_versions_are_the_chart_s()
    {
        var values = YamlDocuments.Parse(File.ReadAllText(Path.Combine(TestFolders.Repository, Rendering.ChartFolder, "values.yaml")))[0];
        var chart = YamlDocuments.Parse(File.ReadAllText(Path.Combine(TestFolders.Repository, Rendering.ChartFolder, "Chart.yaml")))[0];
        string Image(string service) => Text(System["services"]![service]!["image"]);
        Assert.EndsWith(Image("rabbitmq"), Text(values["messaging"]!["rabbitmq"]!["image"]));
        Assert.EndsWith(Image("postgres"), Text(values["database"]!["postgres"]!["image"]));
        Assert.Equal(Image("azurite"), Text(values["blobs"]!["azurite"]!["image"]));
        Assert.All(ServiceContract.Services, s => Assert.EndsWith($"tsvlm-{s}:${{TSVLM_TAG:-{chart["appVersion"]}}}", Image(s)));
    }

    private static JsonObject Services(JsonNode compose) => compose["services"]!.AsObject();

    private static JsonNode Read(string file) => Assert.Single(YamlDocuments.Parse(File.ReadAllText(PathOf(file))));

    private static string PathOf(string file) => Path.Combine(TestFolders.Repository, "deploy/compose", file);
}
