using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

/// <summary>
/// An experiment that was begun with another version of the services ends with this one. What that version left in PostgreSQL and RabbitMQ
/// was recorded by its own services (CONTRIBUTING.md, "How to change a message or the run state").
/// </summary>
public sealed class UpgradeTests(Servers servers)
{
    private const string Database = "runs.sql";
    private static readonly string[] Queues = ["generate-samples", "evaluate-model"];
    private static readonly string Grid = Grids.Of("upgraded", 0.1, Grids.Scenario("a"));
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // No command is sent again, so that what is worked on is what was recorded.
    private static Dictionary<string, string> Settings => new() { ["Reconciler__HeartbeatTimeoutSeconds"] = "3600" };

    public static TheoryData<string> Versions => [.. Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)!).Order()];

    private static string Folder => Path.Combine(TestFolders.Repository, "tests", "fixtures", "upgrade");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_experiment_that_an_earlier_version_began_ends_with_this_one(string version)
    {
        // The data set is put into the store, and today's names of the experiment and its runs are known.
        await using var system = await DistributedSystem.Start(servers, Settings);
        var id = await system.Submit(Grid);
        var runs = (await system.Show(id))["runs"]!.AsArray().Select(run => (string)run!["id"]!).ToList();
        await CommandsAreSent(system);
        var model = ModelOf((await servers.Messages(system.Host, Queues[0])).Select(Portable).Single());
        await system.Scenarios.Kill();

        var recorded = new RecordedNames(Path.Combine(Folder, version), id, runs, model);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(Database), recorded.Renamed(Database));
        await servers.Database.LoadDatabase(system.Host, folder.File(Database));
        // As if it had been recorded just now: what was silent for long would be sent again.
        await servers.Database.Execute(system.Host, """UPDATE "Stages" SET "LastHeartbeatUtc" = now() WHERE "LastHeartbeatUtc" IS NOT NULL""");
        foreach (var queue in Queues)
        {
            await servers.Purge(system.Host, queue);
            foreach (var message in JsonNode.Parse(recorded.Renamed($"{queue}.json"))!.AsArray()) await servers.Publish(system.Host, queue, message!);
        }
        await system.Restart();
        foreach (var worker in (string[])["datagen", "trainer", "evaluator"]) system.Launch(worker);
        var state = await system.Finish(id);

        Assert.Equal("done", (string)state["report"]!);
        Assert.Equal(runs, state["runs"]!.AsArray().Select(run => (string)run!["id"]!));
        Assert.All(state["runs"]!.AsArray().SelectMany(run => run!["stages"]!.AsArray()),
            stage => Assert.Equal(("done", 1), ((string)stage!["status"]!, (int)stage["attempts"]!)));
    }

    [Fact(Explicit = true)]
    public async Task Records_what_this_version_leaves_behind()
    {
        var version = Environment.GetEnvironmentVariable("TSVLM_RECORD");
        Assert.False(string.IsNullOrEmpty(version), "TSVLM_RECORD: expected the name of a folder below tests/fixtures/upgrade, found nothing.");
        await using var system = await DistributedSystem.Start(servers, Settings);
        await system.Submit(Grid);
        await CommandsAreSent(system);
        var folder = Directory.CreateDirectory(Path.Combine(Folder, version)).FullName;
        foreach (var queue in Queues)
        {
            var messages = new JsonArray([.. (await servers.Messages(system.Host, queue)).Select(Portable)]);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{queue}.json"), messages.ToJsonString(Indented) + "\n",
                TestContext.Current.CancellationToken);
        }
        await system.Scenarios.Kill();
        var sql = Path.Combine(folder, Database);
        await servers.Database.DumpDatabase(system.Host, sql);
        // Of one version of PostgreSQL's tools, and another each time.
        var lines = (await File.ReadAllLinesAsync(sql, TestContext.Current.CancellationToken))
            .Where(line => !line.Contains("restrict ", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(sql, lines, TestContext.Current.CancellationToken);
    }

    /// <summary>So that none is on its way any more.</summary>
    private async Task CommandsAreSent(DistributedSystem system)
    {
        foreach (var queue in Queues) await Wait.Until(async () => await servers.NumReady(system.Host, queue) == 1, () => system.Logs);
    }

    private static string ModelOf(JsonNode command) =>
        (string)command["payload"]!["message"]!["run"]!["fineTuned"]!["model"]!["contentHash"]!;

    /// <summary>What a service needs of a message, without the machine that sent it.</summary>
    private static JsonNode Portable(JsonNode? message)
    {
        var payload = JsonNode.Parse((string)message!["payload"]!)!.AsObject();
        payload.Remove("host");
        return new JsonObject
        {
            ["properties"] = message["properties"]!.DeepClone(),
            ["payload"] = payload,
        };
    }

    /// <summary>
    /// The names of an experiment and its runs depend on the embedded model's weights, which may be others than when they were recorded. What
    /// was recorded is read with the names of today.
    /// </summary>
    private sealed class RecordedNames
    {
        private readonly string folder;
        private readonly List<(string Recorded, string Today)> names;

        public RecordedNames(string folder, string experiment, IReadOnlyList<string> runs, string model)
        {
            this.folder = folder;
            var sql = File.ReadAllText(Path.Combine(folder, Database));
            var command = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, $"{Queues[0]}.json")))!.AsArray().Single()!;
            names = [
                (Key(sql, "Experiments").Single(), experiment), (ModelOf(command), model),
                .. Key(sql, "Runs").Select(recorded => (recorded, runs.Single(run => WithoutHash(run) == WithoutHash(recorded)))),
            ];
        }

        public string Renamed(string file) => names.Aggregate(File.ReadAllText(Path.Combine(folder, file)),
            (text, name) => text.Replace(name.Recorded, name.Today, StringComparison.Ordinal));

        private static IEnumerable<string> Key(string sql, string table) =>
            Regex.Matches(sql, $"""INSERT INTO public."{table}" VALUES \('([^']+)'""").Select(row => row.Groups[1].Value);

        private static string WithoutHash(string run) => run[..run.LastIndexOf('.')];
    }
}
