using System.Net;
using System.Text;
using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

public sealed class ExperimentTests(Servers servers) : IDisposable
{
    private static SortedDictionary<string, string>? inOneProcess;   // both stores are held against the same run
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Separate_processes_make_the_same_bytes_as_one_and_two_trainers_share_the_work(bool onBlobStore)
    {
        var grid = Grids.Of("same", 0.2, Grids.Scenario("a"), Grids.Scenario("b", ", \"recipe\": { \"learningRate\": 2e-3 }"),
            Grids.Scenario("both", ", \"representation\": { \"arm\": \"both\" }"),
            Grids.Scenario("c", ", \"recipe\": { \"weightDecay\": 0.02 }"));
        await using var blobs = onBlobStore ? await TestServer.Start("azurite") : null;
        var settings = new Dictionary<string, string>();
        if (blobs is not null)
            (settings["ConnectionStrings__blobs"], settings["Work__Directory"]) = (blobs.ConnectionString, folder.File("work"));
        await using var system = await DistributedSystem.Start(servers, settings, "datagen", "trainer", "trainer", "evaluator");
        var id = await system.Submit(grid);
        var state = await system.Finish(id);
        Assert.All(state["runs"]!.AsArray(), run => Assert.True((bool)run!["succeeded"]!));
        Assert.Equal(2, DistributedSystem.WorkersOf(state, "training", "done").Distinct().Count());
        Assert.Equal(onBlobStore, !Directory.Exists(system.Artifacts));
        var store = blobs is null ? system.Artifacts : await BlobContents.Download(blobs.ConnectionString, folder.File("downloaded"));

        var expected = inOneProcess ??= OneProcess.Contents(await OneProcess.Run(grid, folder));
        Assert.Contains(expected.Keys, name => name.EndsWith("model.safetensors", StringComparison.Ordinal));
        Assert.Contains(expected.Keys, name => name.EndsWith("predictions.csv", StringComparison.Ordinal));
        Assert.Contains(expected.Keys, name => name.StartsWith("samples/", StringComparison.Ordinal)
            && name.EndsWith(".tar", StringComparison.Ordinal));
        Assert.Equal(expected, OneProcess.Contents(store));

        var hash = (string)state["reportHash"]!;
        var report = Directory.GetFiles(Path.Combine(store, "report", hash[..2], hash), "results.csv", SearchOption.AllDirectories)
            .Single();
        Assert.Equal(1 + 5, File.ReadLines(report).Count());
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(report)!, "report.html")));
        await ForgetAll(system, id);
    }

    [Fact]
    public async Task A_command_lost_at_the_broker_is_sent_again()
    {
        await using var system =
            await DistributedSystem.Start(servers, new Dictionary<string, string> { ["Reconciler__HeartbeatTimeoutSeconds"] = "3" });
        var id = await system.Submit(Grids.Of("lost", 0.1, Grids.Scenario("a")));
        await Wait.Until(async () => await servers.NumReady(system.Host, "generate-samples") == 1, () => system.Scenarios.Log);
        await servers.Purge(system.Host, "generate-samples");
        foreach (var name in (string[])["datagen", "trainer", "evaluator"]) system.Launch(name);
        var state = await system.Finish(id);
        Assert.True((bool)state["runs"]![1]!["succeeded"]!);
        Assert.True((int)DistributedSystem.StagesOf(state, "datagen").Single()["attempts"]! >= 2);
    }

    [Fact]
    public async Task A_service_says_that_it_is_not_ready_while_the_broker_is_away_and_comes_back_by_itself()
    {
        await using var system = await DistributedSystem.Start(servers, "datagen");
        var datagen = system.Launch("datagen");
        await datagen.WaitReady();
        await servers.Broker.Stop();
        await datagen.WaitReady(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await datagen.Health("/alive"));
        await servers.Broker.Start();
        await datagen.WaitReady();
    }

    [Fact]
    public async Task A_request_that_cannot_be_run_is_refused_with_the_reason()
    {
        await using var system = await DistributedSystem.Start(servers);
        using var body = new StringContent("""{ "grid": "quick", "datasets": ["../../etc"] }""", Encoding.UTF8, "application/json");
        using var answer = await system.Scenarios.Http.PostAsync(new Uri("/experiments", UriKind.Relative), body,
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("../../etc", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var path = new StringContent("""{ "grid": "/etc/passwd" }""", Encoding.UTF8, "application/json");
        using var second = await system.Scenarios.Http.PostAsync(new Uri("/experiments", UriKind.Relative), path,
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
    }

    /// <summary>Has the experiment forgotten by the command line, which finds database and store by the services' own settings.</summary>
    private async Task ForgetAll(DistributedSystem system, string id)
    {
        async Task<string> Gc(params string[] arguments)
        {
            using var command = new CommandProcess(folder.Path, ["gc", "--services", .. arguments], system.Settings);
            Assert.True(await command.Ended() == 0, command.Output);
            return command.Output;
        }

        Assert.Contains("Removed 0.0 MB in all", await Gc("--keep-days", "30"));
        Assert.Contains("Would remove 0.0 MB in all", await Gc("--experiment", id, "--dry-run"));   // all of it is younger than a day
        var told = await Gc("--experiment", id, "--min-age-hours", "0", "--dry-run");
        foreach (var line in (string[])["would be forgotten", "Would remove checkpoints: 4", "Would remove evaluations: 5",
            "Would remove reports: 1"]) Assert.Contains(line, told);
        await system.Show(id);
        var done = await Gc("--experiment", id, "--min-age-hours", "0");
        foreach (var line in (string[])["Removed checkpoints: 4", "Removed evaluations: 5", "Removed reports: 1"])
            Assert.Contains(line, done);
        Assert.Contains("Would remove 0.0 MB in all; 0.0 MB are referred to", await Gc("--min-age-hours", "0", "--dry-run"));
    }

    public void Dispose() => folder.Dispose();
}
