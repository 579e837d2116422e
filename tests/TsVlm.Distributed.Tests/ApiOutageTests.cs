using System.Diagnostics;
using System.Net;
using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

/// <summary>What the API answers while a server behind it has ended, or hangs. How long that takes is told in benchmarks/README.md.</summary>
public sealed class ApiOutageTests(Servers servers)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);   // two seconds on an idle machine
    private const string Body = """{ "grid": { "name": "outage", "baselines": ["1nn-ed"] }, "datasets": ["CBF"] }""";

    [Fact]
    public async Task Database_and_store_that_do_not_answer_are_503_in_time_and_nothing_else_is()
    {
        await using var azurite = await TestServer.Start("azurite");
        await using var place = await Place.Create(servers, azurite);
        await using var service = ServiceProcess.Start("scenarios", place.Settings);
        await service.WaitReady();
        var http = service.Http;
        Assert.Equal(HttpStatusCode.Created, (await http.Post("/experiments", Body)).Status);
        foreach (var line in (TcpLine[])[place.Runs, place.Blobs])
        {
            foreach (var fall in (Action[])[line.Stall, line.Refuse])
            {
                fall();
                if (line == place.Runs) await Away(() => http.GetAsync("/experiments"));
                else Assert.Equal(HttpStatusCode.OK, (await http.Get("/experiments")).Status);
                await Away(() => http.PostAsync("/experiments", Json(Body.Replace("outage", $"{fall.Method.Name}", StringComparison.Ordinal))));
                if (line == place.Blobs) await Away(() => http.GetAsync($"/datasets/{new string('0', 64)}"));
                Assert.Equal(HttpStatusCode.BadRequest, (await http.Get("/experiments?limit=0")).Status);
                Assert.Equal(HttpStatusCode.OK, await service.Health("/alive"));
                line.Restore();
                await Wait.Until(async () => (await http.Post("/experiments", Body)).Status is HttpStatusCode.Created, () => service.Log, 30);
            }
        }
    }

    [Fact]
    public async Task Without_the_broker_experiments_are_taken_and_cancelled_and_what_is_to_be_told_is_told_later()
    {
        await using var azurite = await TestServer.Start("azurite");
        await using var place = await Place.Create(servers, azurite);
        await using var service = ServiceProcess.Start("scenarios", place.Settings);
        await using var datagen = ServiceProcess.Start("datagen", place.WorkerSettings);
        await using var trainer = ServiceProcess.Start("trainer", place.WorkerSettings);
        await service.WaitReady();
        await trainer.WaitReady();
        var http = service.Http;
        var (_, body, _) = await http.Post("/experiments", $$"""{ "grid": {{Grids.Of("told", 100, Grids.Scenario("a"))}}, "datasets": ["CBF"] }""");
        var id = (string)body["id"]!;
        await Wait.Until(async () => DistributedSystem.WorkersOf(await http.Json($"/experiments/{id}"), "training", "sent").Any(), () => trainer.Log);
        foreach (var fall in (Action[])[place.Messaging.Stall, place.Messaging.Refuse])
        {
            fall();
            var started = Stopwatch.StartNew();
            Assert.Equal(HttpStatusCode.Created, (await http.Post("/experiments", Body)).Status);
            Assert.Equal(HttpStatusCode.OK, (await http.Post($"/experiments/{id}/cancel", "")).Status);
            Assert.InRange(started.Elapsed, TimeSpan.Zero, 2 * Limit);
            place.Messaging.Restore();
        }
        await Wait.Until(() => Task.FromResult(trainer.Log.Contains("was cancelled", StringComparison.Ordinal)), () => service.Log + trainer.Log);
    }

    private static async Task Away(Func<Task<HttpResponseMessage>> ask)
    {
        var started = Stopwatch.StartNew();
        using var answer = await ask().WaitAsync(4 * Limit);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode is HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode} {text}");
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        Assert.Contains("does not answer", text);
        TestContext.Current.TestOutputHelper?.WriteLine($"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri}: {started.Elapsed.TotalSeconds:0.00} s");
        Assert.InRange(started.Elapsed, TimeSpan.Zero, Limit);
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    /// <summary>The servers of a test, each at the end of a line.</summary>
    private sealed class Place : IAsyncDisposable
    {
        private readonly TemporaryFolder folder = new();

        private Place(TcpLine messaging, TcpLine runs, TcpLine blobs) => (Messaging, Runs, Blobs) = (messaging, runs, blobs);

        public TcpLine Messaging { get; }

        public TcpLine Runs { get; }

        public TcpLine Blobs { get; }

        public required IReadOnlyDictionary<string, string> Settings { get; init; }

        /// <summary>Without the lines.</summary>
        public required IReadOnlyDictionary<string, string> WorkerSettings { get; init; }

        public static async Task<Place> Create(Servers servers, TestServer azurite)
        {
            var (messaging, runs, _) = await servers.CreatePlace();
            var blobs = azurite.ConnectionString;
            var broker = new TcpLine(new Uri(messaging).Port);
            var database = new TcpLine(PortOf(runs, "Port="));
            var store = new TcpLine(new Uri(blobs.Split("BlobEndpoint=")[1].Split(';')[0]).Port);
            IReadOnlyDictionary<string, string> Of(string m, string r, string b) => new Dictionary<string, string>
            {
                ["ConnectionStrings__messaging"] = m, ["ConnectionStrings__runs"] = r, ["ConnectionStrings__blobs"] = b,
                ["Reconciler__IntervalSeconds"] = "1", ["Messaging__HeartbeatSeconds"] = "0.5",
            };
            return new(broker, database, store)
            {
                WorkerSettings = Of(messaging, runs, blobs),
                Settings = Of(
                    messaging.Replace($":{new Uri(messaging).Port}", $":{broker.Port}", StringComparison.Ordinal),
                    runs.Replace($"Port={PortOf(runs, "Port=")}", $"Port={database.Port}", StringComparison.Ordinal),
                    blobs.Replace($":{new Uri(blobs.Split("BlobEndpoint=")[1].Split(';')[0]).Port}", $":{store.Port}", StringComparison.Ordinal)),
            };
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var line in (TcpLine[])[Messaging, Runs, Blobs]) await line.DisposeAsync();
            folder.Dispose();
        }

        private static int PortOf(string settings, string before) => int.Parse(settings.Split(before)[1].Split(';')[0]);
    }
}
