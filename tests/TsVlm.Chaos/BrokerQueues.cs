using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace TsVlm.Chaos;

/// <summary>
/// Takes messages from the broker's queues and puts them there, by its management API; a queue of our own keeps copies of every command.
/// </summary>
internal sealed class BrokerQueues : IDisposable
{
    private const string Tap = "chaos-copies";
    private const int MaxTries = 60;
    private readonly HttpClient management = new();

    public BrokerQueues(string connectionString)
    {
        var uri = new Uri(connectionString);
        management.BaseAddress = new Uri($"http://127.0.0.1:{uri.Port + 1}/api/");
        management.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(uri.UserInfo)));
    }

    /// <summary>Keeps copies of the newest commands from now on.</summary>
    public async Task KeepCopies(IEnumerable<string> queues)
    {
        await Ask(() => management.PutAsJsonAsync($"queues/%2F/{Tap}",
            new JsonObject { ["durable"] = true, ["arguments"] = new JsonObject { ["x-max-length"] = 20 } }));
        foreach (var queue in queues)
        {
            await Ask(() => management.PutAsJsonAsync($"exchanges/%2F/{queue}",
                new JsonObject { ["type"] = "fanout", ["durable"] = true }));
            await Ask(() => management.PostAsJsonAsync($"bindings/%2F/e/{queue}/q/{Tap}", new JsonObject()));
        }
    }

    /// <summary>Takes a waiting message out of a queue; null where none waits.</summary>
    public async Task<JsonNode?> Take(string queue)
    {
        using var answer = await Ask(() => management.PostAsJsonAsync($"queues/%2F/{queue}/get",
            new JsonObject { ["count"] = 1, ["ackmode"] = "ack_requeue_false", ["encoding"] = "auto" }));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray().FirstOrDefault();
    }

    /// <summary>Takes a kept copy of a command, waiting for one.</summary>
    public async Task<JsonNode> TakeCopy()
    {
        for (var turn = 0; turn < MaxTries; turn++)
        {
            if (await Take(Tap) is { } copy) return copy;
            await Task.Delay(200);
        }
        throw new ChaosException("No command was sent for a while, so none could be sent again.");
    }

    /// <summary>Puts a taken message into a queue.</summary>
    public async Task Put(string queue, JsonNode message)
    {
        using var answer = await Ask(() => management.PostAsJsonAsync("exchanges/%2F/amq.default/publish", new JsonObject
        {
            ["properties"] = message["properties"]!.DeepClone(),
            ["routing_key"] = queue,
            ["payload"] = message["payload"]!.DeepClone(),
            ["payload_encoding"] = message["payload_encoding"]!.DeepClone(),
        }));
    }

    public void Dispose() => management.Dispose();

    private static async Task<HttpResponseMessage> Ask(Func<Task<HttpResponseMessage>> request)
    {
        for (var turn = 1; ; turn++)
        {
            try
            {
                var answer = await request();
                if (answer.IsSuccessStatusCode) return answer;
                if (turn == MaxTries)
                    throw new ChaosException($"The broker's management: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
            catch (HttpRequestException) when (turn < MaxTries)
            {
                // The broker comes back.
            }
            await Task.Delay(500);
        }
    }
}
