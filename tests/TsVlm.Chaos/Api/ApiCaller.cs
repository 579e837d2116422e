using System.Diagnostics;
using System.Text;

namespace TsVlm.Chaos.Api;

/// <summary>Sends requests and records how they were answered.</summary>
internal sealed class ApiCaller : IDisposable
{
    private readonly RequestLog log;

    /// <param name="address">Of the service.</param>
    /// <param name="timeout">A request that is not answered by then counts as an error of the transport.</param>
    /// <param name="log">Where answers are recorded.</param>
    public ApiCaller(Uri address, TimeSpan timeout, RequestLog log)
    {
        this.log = log;
        Http = new HttpClient { BaseAddress = address, Timeout = timeout };
    }

    public HttpClient Http { get; }

    /// <summary>Reads a path to the end.</summary>
    public Task<(int Status, string Text)> Get(string kind, string path) => Send(kind, new(HttpMethod.Get, path));

    /// <summary>Posts JSON, or nothing.</summary>
    public Task<(int Status, string Text)> Post(string kind, string path, string? json = null, string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        return Send(kind, request);
    }

    public void Dispose() => Http.Dispose();

    private async Task<(int Status, string Text)> Send(string kind, HttpRequestMessage request)
    {
        var started = Stopwatch.GetTimestamp();
        var (status, text) = (RequestLog.TransportError, "");
        try
        {
            using (request)
            {
                using var answer = await Http.SendAsync(request);
                (status, text) = ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
            }
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
        {
            text = error.Message;
        }
        log.Add(kind, status, Stopwatch.GetElapsedTime(started).TotalMilliseconds, text);
        return (status, text);
    }
}
