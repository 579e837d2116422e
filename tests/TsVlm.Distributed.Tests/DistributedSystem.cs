using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

/// <summary>
/// The services as processes, over a real broker and a real database, with artifacts in a folder of the test unless its settings say
/// otherwise.
/// </summary>
internal sealed class DistributedSystem : IAsyncDisposable
{
    private readonly TemporaryFolder folder;
    private readonly Dictionary<string, string> settings;
    private readonly List<ServiceProcess> processes = [];

    private DistributedSystem(TemporaryFolder folder, Dictionary<string, string> settings, string host) =>
        (this.folder, this.settings, Host) = (folder, settings, host);

    /// <summary>The test's virtual host at the broker.</summary>
    public string Host { get; }

    public string Artifacts => folder.File("artifacts");

    /// <summary>The environment of its services.</summary>
    public IReadOnlyDictionary<string, string> Settings => settings;

    public ServiceProcess Scenarios => processes[0];

    /// <summary>What all processes have said, for the message of a test that fails.</summary>
    public string Logs => string.Join('\n', processes.Select(process => process.Log));

    /// <summary>Starts scenarios and the named workers, and waits until all are ready.</summary>
    public static Task<DistributedSystem> Start(Servers servers, params string[] workers) =>
        Start(servers, new Dictionary<string, string>(), workers);

    /// <summary>The same with settings of the test's own.</summary>
    public static async Task<DistributedSystem> Start(Servers servers, IReadOnlyDictionary<string, string> settings,
        params string[] workers)
    {
        var (messaging, runs, host) = await servers.CreatePlace();
        var folder = new TemporaryFolder();
        var system = new DistributedSystem(folder, new()
        {
            ["ConnectionStrings__messaging"] = messaging,
            ["ConnectionStrings__runs"] = runs,
            ["ConnectionStrings__blobs"] = $"folder:{folder.File("artifacts")}",
            ["Messaging__HeartbeatSeconds"] = "0.5",
            ["Reconciler__HeartbeatTimeoutSeconds"] = "120",   // a loaded machine is slow
            ["Reconciler__IntervalSeconds"] = "1",
            ["Trainer__SecondsBetweenSnapshots"] = "1",
        }, host);
        foreach (var (key, value) in settings) system.settings[key] = value;
        foreach (var name in workers.Prepend("scenarios")) system.Launch(name);
        foreach (var process in system.processes) await process.WaitReady();
        return system;
    }

    /// <summary>Starts scenarios in the place of one that has ended, and waits until it is ready.</summary>
    public async Task Restart()
    {
        var process = ServiceProcess.Start("scenarios", settings);
        await processes[0].DisposeAsync();
        processes[0] = process;
        await process.WaitReady();
    }

    /// <summary>Starts one more process.</summary>
    public ServiceProcess Launch(string name)
    {
        var process = ServiceProcess.Start(name, settings);
        processes.Add(process);
        return process;
    }

    public async Task<string> Submit(string grid, int[]? seeds = null, string model = "tiny")
    {
        // On a machine with other work the database may answer late; a submission that is repeated is the same experiment.
        for (var turn = 1; ; turn++)
        {
            var (status, text) = await Post(grid, seeds, model);
            if (status is HttpStatusCode.ServiceUnavailable && turn < 10)
            {
                await Task.Delay(1000, TestContext.Current.CancellationToken);
                continue;
            }
            Assert.True(status == HttpStatusCode.Created, text);
            return (string)JsonNode.Parse(text)!["id"]!;
        }
    }

    private async Task<(HttpStatusCode Status, string Text)> Post(string grid, int[]? seeds, string model)
    {
        using var body = new StringContent(
            $$"""{ "grid": {{grid}}, "datasets": ["CBF"], "seeds": [{{string.Join(',', seeds ?? [0])}}], "model": "{{model}}" }""",
            Encoding.UTF8, "application/json");
        using var answer = await Scenarios.Http.PostAsync(new Uri("/experiments", UriKind.Relative), body);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task Cancel(string id) =>
        (await Scenarios.Http.PostAsync(new Uri($"/experiments/{id}/cancel", UriKind.Relative), null)).EnsureSuccessStatusCode();

    public async Task<JsonNode> Show(string id) =>
        JsonNode.Parse(await Scenarios.Http.GetStringAsync(new Uri($"/experiments/{id}", UriKind.Relative)))!;

    /// <summary>Waits until the experiment and its report have ended.</summary>
    public async Task<JsonNode> Finish(string id, double seconds = 300)
    {
        JsonNode state = new JsonObject();
        await Wait.Until(
            async () => (bool)(state = await Show(id))["ended"]! && (string)state["report"]! is "done" or "failed",
            () => $"{state}\n{string.Join('\n', processes.Select(process => process.Log))}", seconds);
        return state;
    }

    /// <summary>Waits until a worker trains, and says which.</summary>
    public async Task<int> WorkerOfTraining(string id, int besides = 0, double seconds = 120)
    {
        var worker = 0;
        await Wait.Until(async () => (worker = WorkersOf(await Show(id), "training", "sent").FirstOrDefault(w => w != besides)) > 0,
            () => string.Join('\n', processes.Select(process => process.Log)), seconds);
        return worker;
    }

    /// <summary>Process ids at the stages of that name and status.</summary>
    public static IEnumerable<int> WorkersOf(JsonNode state, string stage, string status) => StagesOf(state, stage)
        .Where(s => (string)s["status"]! == status && s["worker"] is not null)
        .Select(s => int.Parse(((string)s["worker"]!).Split(':')[^1]));

    public static IEnumerable<JsonNode> StagesOf(JsonNode state, string stage) =>
        state["runs"]!.AsArray().SelectMany(run => run!["stages"]!.AsArray()).Where(s => (string)s!["stage"]! == stage)!;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes) await process.DisposeAsync();
        folder.Dispose();
    }
}
