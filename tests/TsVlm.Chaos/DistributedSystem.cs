using System.Text;
using System.Text.Json.Nodes;
using TsVlm.Tests;

namespace TsVlm.Chaos;

/// <summary>The services, some of them twice, as processes over a real broker, blob store and database.</summary>
internal sealed class DistributedSystem : IAsyncDisposable
{
    /// <summary>Faults are noticed and answered within seconds.</summary>
    private static readonly Dictionary<string, string> Hasty = new()
    {
        ["Messaging__HeartbeatSeconds"] = "0.5",
        ["Messaging__FirstWaitSeconds"] = "1",
        ["Messaging__UnhealthySeconds"] = "30",
        ["Reconciler__HeartbeatTimeoutSeconds"] = "5",
        ["Reconciler__IntervalSeconds"] = "1",
        ["Trainer__SecondsBetweenSnapshots"] = "1",
    };

    private readonly TemporaryFolder folder = new();
    private readonly TestServer? store;
    private readonly Dictionary<string, string> settings;
    private readonly string? repository;

    private DistributedSystem(
        TestServer broker, TestServer database, TestServer? store, IReadOnlyDictionary<string, string> settings, string? repository)
    {
        (Broker, Database, this.store, this.repository) = (broker, database, store, repository);
        this.settings = new(settings)
        {
            ["ConnectionStrings__messaging"] = broker.ConnectionString,
            ["ConnectionStrings__blobs"] = store?.ConnectionString ?? $"folder:{folder.File("artifacts")}",
            ["ConnectionStrings__runs"] = database.ConnectionString,
        };
        Queues = new(broker.ConnectionString);
    }

    public TestServer Broker { get; }

    public TestServer Store => store ?? throw new ChaosException("Artifacts are in a folder here; there is no blob store.");

    public TestServer Database { get; }

    public BrokerQueues Queues { get; }

    public List<Service> Services { get; } = [];

    public Service Scenarios => Services[0];

    /// <summary>Starts the servers and scenarios; more services are added by <see cref="Add"/>.</summary>
    public static Task<DistributedSystem> Start() => Start(["rabbitmq", "postgres", "azurite"], Hasty, null);

    /// <summary>The same with artifacts in a folder, and services that have their default settings where none are given.</summary>
    /// <param name="settings">Settings of the services.</param>
    /// <param name="repository">The repository whose built services are started; null for this one.</param>
    public static Task<DistributedSystem> StartWithFolder(IReadOnlyDictionary<string, string> settings, string? repository) =>
        Start(["rabbitmq", "postgres"], settings, repository);

    private static async Task<DistributedSystem> Start(
        IReadOnlyList<string> names, IReadOnlyDictionary<string, string> settings, string? repository)
    {
        var servers = new List<TestServer>();
        try
        {
            foreach (var name in names) servers.Add(await TestServer.Start(name));
            var system = new DistributedSystem(servers[0], servers[1], servers.ElementAtOrDefault(2), settings, repository);
            system.Add("scenarios", 1);
            return system;
        }
        catch
        {
            foreach (var server in servers) await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts services of a kind; each has a work folder of its own, as pods have.</summary>
    public void Add(string kind, int count, string? limits = null, IReadOnlyDictionary<string, string>? more = null)
    {
        for (var i = 1; i <= count; i++)
        {
            var name = $"{kind}-{Services.Count(s => s.Kind == kind) + 1}";
            var own = new Dictionary<string, string>(settings) { ["Work__Directory"] = folder.File(name) };
            foreach (var (key, value) in more ?? settings) own[key] = value;
            Services.Add(new Service(kind, name, own, limits, repository));
            Services[^1].Start();
        }
    }

    public async Task WaitReady()
    {
        foreach (var service in Services) await service.WaitReady();
    }

    /// <summary>Asks for an experiment, again and again until it is accepted: it is the same however often it is asked for.</summary>
    public async Task<string> Submit(string grid, IReadOnlyList<string> datasets, int seed = 0)
    {
        var names = string.Join(", ", datasets.Select(name => $"\"{name}\""));
        for (var turn = 0; ; turn++)
        {
            try
            {
                using var body = new StringContent($$"""{ "grid": {{grid}}, "datasets": [{{names}}], "seeds": [{{seed}}] }""",
                    Encoding.UTF8, "application/json");
                using var answer = await Scenarios.Http.PostAsync(new Uri("/experiments", UriKind.Relative), body);
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.IsSuccessStatusCode) return (string)JsonNode.Parse(text)!["id"]!;
                if ((int)answer.StatusCode < 500 || turn > 60) throw new ChaosException($"The experiment was refused: {text}");
            }
            catch (Exception error) when (turn < 60 && error is HttpRequestException or TaskCanceledException)
            {
                // Scenarios is away just now.
            }
            await Task.Delay(500);
        }
    }

    /// <summary>The experiment's state, or null while scenarios or its database is away.</summary>
    public async Task<ExperimentView?> TryShow(string id)
    {
        try
        {
            using var answer = await Scenarios.Http.GetAsync(new Uri($"/experiments/{id}", UriKind.Relative));
            return answer.IsSuccessStatusCode ? new(JsonNode.Parse(await answer.Content.ReadAsStringAsync())!) : null;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>Waits until an experiment is as wanted.</summary>
    public async Task<ExperimentView> WaitUntil(string id, Func<ExperimentView, bool> condition, TimeSpan limit)
    {
        var end = DateTime.UtcNow + limit;
        ExperimentView? last = null;
        while (DateTime.UtcNow < end)
        {
            RestartEnded();
            if (await TryShow(id) is { } view && condition(last = view)) return view;
            await Task.Delay(200);
        }
        throw new ChaosException($"Not within {limit.TotalSeconds} s. Open: {last?.OpenStages()}{Environment.NewLine}"
            + string.Join(Environment.NewLine,
                Services.Select(s =>
                    $"--- {s.Name} (running: {s.IsRunning}){Environment.NewLine}{s.Log[^Math.Min(s.Log.Length, 3000)..]}")));
    }

    /// <summary>
    /// Starts a service again that ended with exit code 1, as Kubernetes and Compose do: a bus that is stuck for good ends its process
    /// (rabbitmq-dotnet-client, issue 1976).
    /// </summary>
    private void RestartEnded()
    {
        foreach (var service in Services.Where(service => service.ExitCode == 1))
        {
            Output.Line($"{service.Name} ended with exit code 1 and is started again: {service.LastCritical ?? "it does not say why"}");
            service.Start();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Services) await service.DisposeAsync();
        Queues.Dispose();
        await Broker.DisposeAsync();
        if (store is not null) await store.DisposeAsync();
        await Database.DisposeAsync();
        folder.Dispose();
    }
}
