using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TsVlm.Contracts;

namespace TsVlm.Client;

/// <summary>Requests to a server, tried again while it does not answer or asks for patience, and its answers as what is expected.</summary>
internal sealed class ServerCalls : IDisposable
{
    private static readonly TimeSpan[] Waits = [.. new[] { 0.5, 1, 2, 4, 8, 15 }.Select(TimeSpan.FromSeconds)];
    private readonly HttpClient http;
    private readonly TimeProvider clock;

    public ServerCalls(Uri address, string? key, TimeProvider clock)
    {
        this.clock = clock;
        // A data set may take long to go up, and events never end: attempts are bounded where they wait.
        http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) })
        {
            BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan,
        };
        if (key is { Length: > 0 }) http.DefaultRequestHeaders.Authorization = new("Bearer", key);
    }

    /// <summary>What a later server says beside what this program knows does not matter; what this program needs must be there.</summary>
    public static JsonSerializerOptions Format { get; } =
        new(ContractJson.Compact)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
        };

    public string Shown => http.BaseAddress!.AbsoluteUri.TrimEnd('/');

    public Task<HttpResponseMessage> Send(Func<HttpRequestMessage> make, CancellationToken cancellationToken) =>
        Send(make, allowed: null, cancellationToken);

    /// <summary>The answer, or null where what is asked for is not there.</summary>
    public async Task<HttpResponseMessage?> SendOrNull(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        var answer = await Send(make, HttpStatusCode.NotFound, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.NotFound) return answer;
        answer.Dispose();
        return null;
    }

    /// <summary>Opens an answer that goes on, without another attempt.</summary>
    public async Task<HttpResponseMessage> Open(string path, string type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new(type));
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await EnsureSuccess(answer, cancellationToken);
        if (answer.Content.Headers.ContentType?.MediaType is var found && found != type)
        {
            answer.Dispose();
            throw NotAsExpected(type, found ?? "no content type");
        }
        return answer;
    }

    /// <exception cref="ServerException">It is something else.</exception>
    public T Parse<T>(ReadOnlySpan<byte> json)
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

    public async Task<T> Read<T>(HttpResponseMessage answer, CancellationToken cancellationToken)
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

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> Send(
        Func<HttpRequestMessage> make, HttpStatusCode? allowed, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            HttpResponseMessage? answer = null;
            try
            {
                using var request = make();
                answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (answer.StatusCode == allowed) return answer;
                if (!ServerException.IsPassing(answer.StatusCode) || attempt == Waits.Length)
                {
                    await EnsureSuccess(answer, cancellationToken);
                    return answer;
                }
            }
            catch (HttpRequestException error)
            {
                if (attempt == Waits.Length)
                    throw new ServerException(
                        $"{Shown}: expected an answer, found none ({error.Message}) Is the address right, and is the server up?",
                        inner: error);
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
                throw new ServerException($"{Shown}: expected the key of the server, found "
                    + (http.DefaultRequestHeaders.Authorization is null ? "none." : "another one."), answer.StatusCode);
            throw new ServerException(DetailOf(text)
                ?? $"{answer.RequestMessage?.RequestUri}: expected success, found {(int)answer.StatusCode} {answer.ReasonPhrase}.",
                answer.StatusCode);
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

    private ServerException NotAsExpected(string expected, string found) =>
        new($"{Shown}: expected {expected}, found {found}. Is this the address of a TsVlm server of this version?");
}
