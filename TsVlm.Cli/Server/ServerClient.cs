using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Canonical;

namespace TsVlm.Cli.Server;

/// <summary>
/// The HTTP API of a scenarios service. A server that does not answer is asked again for a while; one that refuses is not.
/// </summary>
internal sealed class ServerClient : IDisposable
{
    private const string KeyVariable = "TSVLM_API_KEY";
    private const string EventType = "text/event-stream";
    private static readonly TimeSpan[] Waits = [.. new[] { 0.5, 1, 2, 4, 8, 15 }.Select(TimeSpan.FromSeconds)];

    // What a later server says beside what this program knows does not matter.
    private static readonly JsonSerializerOptions Format =
        new(ContractJson.Compact) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip };

    private readonly HttpClient http;
    private readonly TimeProvider clock;

    /// <param name="url">The service's address.</param>
    /// <param name="key">Its key; that of TSVLM_API_KEY where none is given, and none where neither is.</param>
    /// <param name="clock">Waits between two attempts.</param>
    /// <exception cref="ServerException">The address is none.</exception>
    public ServerClient(string url, string? key, TimeProvider clock)
    {
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new ServerException($"--server: expected an address such as http://localhost:8080, found '{url}'.");
        (Address, this.clock) = (address, clock);
        // A data set may take long to go up, and events never end: attempts are bounded where they wait.
        http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) }) { BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan };
        if ((key ?? Environment.GetEnvironmentVariable(KeyVariable)) is { Length: > 0 } given)
            http.DefaultRequestHeaders.Authorization = new("Bearer", given);
    }

    public Uri Address { get; }

    /// <summary>Answers the address of a path below the server, as people write it.</summary>
    public string Shown => Address.AbsoluteUri.TrimEnd('/');

    /// <summary>Brings a data set to the server unless it has it.</summary>
    public async Task<DatasetReference> Store(Dataset dataset, CancellationToken cancellationToken)
    {
        var reference = new DatasetReference(dataset.Name, DatasetFile.ContentHash(dataset));
        using (var known = await Send(() => new(HttpMethod.Get, $"datasets/{reference.ContentHash}"), cancellationToken,
            HttpStatusCode.NotFound))
            if (known.StatusCode != HttpStatusCode.NotFound) return reference;
        using var file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16,
            FileOptions.DeleteOnClose);
        DatasetFile.Write(dataset, file);
        await file.FlushAsync(cancellationToken);
        using var stored = await Send(() => new(HttpMethod.Post, "datasets") { Content = Bytes(file.Name) }, cancellationToken);
        return await Read<DatasetReference>(stored, cancellationToken);
    }

    /// <summary>Submits an experiment and answers its id.</summary>
    public async Task<string> Submit(JsonObject body, CancellationToken cancellationToken)
    {
        var (json, key) = (body.ToJsonString(), $"{Guid.NewGuid():n}");
        using var answer = await Send(() => new(HttpMethod.Post, "experiments")
        {
            Content = new StringContent(json, new MediaTypeHeaderValue("application/json")),
            Headers = { { "Idempotency-Key", key } },
        }, cancellationToken);
        return (string?)(await Read<JsonObject>(answer, cancellationToken))["id"] ?? throw NotAsExpected("the id of an experiment", "none");
    }

    /// <summary>Cancels what is left of an experiment and answers how many runs that were.</summary>
    public async Task<int> Cancel(string id, CancellationToken cancellationToken)
    {
        using var answer = await Send(() => new(HttpMethod.Post, $"experiments/{Uri.EscapeDataString(id)}/cancel"), cancellationToken);
        return (await Read<JsonObject>(answer, cancellationToken))["cancelled"]?.AsArray().Count
            ?? throw NotAsExpected("the cancelled runs", "none");
    }

    /// <summary>Gets what a path answers as JSON.</summary>
    public async Task<T> Get<T>(string path, CancellationToken cancellationToken)
    {
        using var answer = await Send(() => new(HttpMethod.Get, path), cancellationToken);
        return await Read<T>(answer, cancellationToken);
    }

    /// <summary>Saves a file, checked against the size and hash that the server names; it appears whole or not at all.</summary>
    public async Task Save(string path, ArtifactFile file, string target, CancellationToken cancellationToken)
    {
        var draft = target + ".draft";
        using (var answer = await Send(() =>
            new(HttpMethod.Get, $"{path}/{string.Join('/', file.Name.Split('/').Select(Uri.EscapeDataString))}"), cancellationToken))
        {
            await using var output = File.Create(draft);
            await answer.Content.CopyToAsync(output, cancellationToken);
        }
        var found = await ArtifactFile.Of(Path.GetDirectoryName(draft)!, draft, cancellationToken);
        if ((found.Bytes, found.Sha256) != (file.Bytes, file.Sha256))
            throw new ServerException($"{target}: expected {file.Bytes} bytes with SHA-256 {file.Sha256} from {Shown}, "
                + $"found {found.Bytes} bytes with {found.Sha256}. Run the command again.");
        File.Move(draft, target, overwrite: true);
    }

    /// <summary>Opens the events of an experiment.</summary>
    public async Task<HttpResponseMessage> Events(string id, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"experiments/{id}/events");
        request.Headers.Accept.Add(new(EventType));
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await EnsureSuccess(answer, cancellationToken);
        if (answer.Content.Headers.ContentType?.MediaType is var type && type != EventType)
        {
            answer.Dispose();
            throw NotAsExpected(EventType, type ?? "no content type");
        }
        return answer;
    }

    /// <summary>Reads an event's data.</summary>
    /// <exception cref="ServerException">It is something else.</exception>
    public T Parse<T>(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Format) ?? throw NotAsExpected("an event", "null");
        }
        catch (JsonException)
        {
            throw NotAsExpected("an event as JSON", "something else");
        }
    }

    public void Dispose() => http.Dispose();

    private static StreamContent Bytes(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
    {
        Headers = { ContentType = new("application/octet-stream") },
    };

    private async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> make, CancellationToken cancellationToken,
        HttpStatusCode? allowed = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            HttpResponseMessage? answer = null;
            try
            {
                using var request = make();
                answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (answer.StatusCode == allowed) return answer;
                if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway
                    or HttpStatusCode.GatewayTimeout) || attempt == Waits.Length)
                {
                    await EnsureSuccess(answer, cancellationToken);
                    return answer;
                }
            }
            catch (HttpRequestException error)
            {
                if (attempt == Waits.Length)
                    throw new ServerException(
                        $"{Shown}: expected an answer, found none ({error.Message}) Is the address right, and is the server up?", error);
            }
            answer?.Dispose();
            await Task.Delay(Waits[attempt], clock, cancellationToken);
        }
    }

    /// <exception cref="ServerException">The server refused.</exception>
    private async Task EnsureSuccess(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode) return;
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.StatusCode is HttpStatusCode.Unauthorized)
            {
                var found = http.DefaultRequestHeaders.Authorization is null ? "none" : "another one";
                throw new ServerException($"{Shown} asks for its key: expected it in --api-key or {KeyVariable}, found {found}.");
            }
            throw new ServerException(DetailOf(text)
                ?? $"{answer.RequestMessage?.RequestUri}: expected success, found {(int)answer.StatusCode} {answer.ReasonPhrase}.");
        }
    }

    private static string? DetailOf(string text)
    {
        try
        {
            return (string?)JsonNode.Parse(text)?["detail"];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;   // not the server's own words: a proxy's
        }
    }

    private async Task<T> Read<T>(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync<T>(Format, cancellationToken) ?? throw NotAsExpected("JSON", "null");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or InvalidOperationException)
        {
            var type = answer.Content.Headers.ContentType?.MediaType ?? "no content type";
            throw NotAsExpected("the JSON of a TsVlm server", type.Contains("json", StringComparison.Ordinal) ? "other JSON" : type);
        }
    }

    private ServerException NotAsExpected(string expected, string found) =>
        new($"{Shown}: expected {expected}, found {found}. Is this the address of a TsVlm server of this version?");
}
