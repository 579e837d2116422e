using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

/// <summary>A real broker and a real database for all tests; each test has a virtual host and a database of its own there.</summary>
public sealed class Servers : IAsyncLifetime
{
    private readonly HttpClient management = new();
    private TestServer? broker;
    private TestServer? database;
    private int count;

    internal TestServer Broker => broker!;

    internal TestServer Database => database!;

    /// <summary>Starts the servers at the first call; the test is skipped, with the reason, where they cannot be had.</summary>
    public async Task Require()
    {
        database ??= await TestServer.Start("postgres");
        if (broker is not null) return;
        broker = await TestServer.Start("rabbitmq");
        var uri = new Uri(broker.ConnectionString);
        management.BaseAddress = new Uri($"http://127.0.0.1:{uri.Port + 1}/api/");
        management.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(uri.UserInfo)));
    }

    /// <summary>A place of one test's own: broker and database without anything in them.</summary>
    public async Task<(string Messaging, string Runs, string Host)> CreatePlace()
    {
        await Require();
        var name = $"t{++count}";
        (await management.PutAsJson($"vhosts/{name}", "{}")).EnsureSuccessStatusCode();
        (await management.PutAsJson($"permissions/{name}/tsvlm",
            """{"configure":".*","write":".*","read":".*"}""")).EnsureSuccessStatusCode();
        await database!.CreateDatabase(name);
        return ($"{broker!.ConnectionString}/{name}",
            database!.ConnectionString.Replace("Database=runs", $"Database={name}", StringComparison.Ordinal), name);
    }

    /// <summary>Makes a queue of the broker's classic kind.</summary>
    public async Task MakeClassicQueue(string host, string queue) =>
        (await management.PutAsJson($"queues/{host}/{queue}",
            """{"durable":true,"arguments":{"x-queue-type":"classic"}}""")).EnsureSuccessStatusCode();

    /// <summary>Messages in a queue, those that a worker holds included.</summary>
    public Task<int> NumMessages(string host, string queue) => Count(host, queue, "messages");

    /// <summary>Commands in a queue that no worker holds.</summary>
    public Task<int> NumReady(string host, string queue) => Count(host, queue, "messages_ready");

    /// <summary>The messages of a queue, which stay there.</summary>
    public async Task<JsonArray> Messages(string host, string queue)
    {
        using var answer = await management.PostAsync(new Uri($"queues/{host}/{queue}/get", UriKind.Relative), JsonRequests.Content(
            """{"count":100,"ackmode":"ack_requeue_true","encoding":"auto"}"""));
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray();
    }

    /// <summary>Puts a message into a queue: its properties, and its payload as JSON.</summary>
    public async Task Publish(string host, string queue, JsonNode message)
    {
        var body = new JsonObject
        {
            ["properties"] = message["properties"]!.DeepClone(),
            ["payload"] = message["payload"]!.ToJsonString(),
            ["payload_encoding"] = "string",
            ["routing_key"] = queue,
        };
        using var answer = await management.PostAsync(new Uri($"exchanges/{host}/amq.default/publish", UriKind.Relative),
            JsonRequests.Content(body.ToJsonString()));
        var text = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        Assert.True((bool)JsonNode.Parse(text)!["routed"]!, text);
    }

    /// <summary>Loses every message of a queue.</summary>
    public async Task Purge(string host, string queue) =>
        (await management.DeleteAsync(new Uri($"queues/{host}/{queue}/contents", UriKind.Relative))).EnsureSuccessStatusCode();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        management.Dispose();
        if (broker is not null) await broker.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
    }

    /// <summary>-1 while there is no such queue, or the broker has not counted it yet.</summary>
    private async Task<int> Count(string host, string queue, string what)
    {
        using var answer = await management.GetAsync(new Uri($"queues/{host}/{queue}", UriKind.Relative));
        return answer.IsSuccessStatusCode ? (int?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())![what] ?? -1 : -1;
    }
}

internal static class JsonRequests
{
    public static async Task<HttpResponseMessage> PutAsJson(this HttpClient http, string path, string json)
    {
        using var content = Content(json);
        return await http.PutAsync(new Uri(path, UriKind.Relative), content);
    }

    public static StringContent Content(string json) => new(json, Encoding.UTF8, "application/json");
}
