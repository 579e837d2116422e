using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace TsVlm.Distributed.Tests;

/// <summary>Requests to the API as any program would make them.</summary>
internal static class ApiCalls
{
    public static async Task<(HttpStatusCode Status, JsonNode Body, HttpResponseHeaders Headers)> Post(
        this HttpClient http, string path, string json, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!, answer.Headers);
    }

    public static async Task<(HttpStatusCode Status, JsonNode Body)> Upload(this HttpClient http, byte[] dataset)
    {
        using var content = new ByteArrayContent(dataset);
        content.Headers.ContentType = new("application/octet-stream");
        using var answer = await http.PostAsync(new Uri("/datasets", UriKind.Relative), content);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    public static async Task<JsonNode> Json(this HttpClient http, string path) =>
        JsonNode.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    public static async Task<(HttpStatusCode Status, string? Type, string Text)> Get(this HttpClient http, string path,
        string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The first line of the answer and its body, to a path that no client library has tidied.</summary>
    public static async Task<(int Status, string Text)> Raw(this HttpClient http, string path)
    {
        using var client = new TcpClient(http.BaseAddress!.Host, http.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: {http.BaseAddress.Authority}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        return (int.Parse(text.Split(' ')[1]), text);
    }

    /// <summary>Reads events until one of that type has come, or the stream ends.</summary>
    public static async Task<List<ServerEvent>> Events(this HttpClient http, string id, string? lastEventId = null,
        string until = "experiment-ended")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/experiments/{id}/events");
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var (events, type, data, eventId) = (new List<ServerEvent>(), "", "", (string?)null);
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data += line[6..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) eventId = line[4..];
            else if (line.Length == 0)
            {
                events.Add(new(type, JsonNode.Parse(data)!, eventId));
                if (type == until) break;
                (type, data, eventId) = ("", "", null);
            }
        }
        return events;
    }

    /// <summary>A small data set in canonical form: two classes that a level tells apart.</summary>
    public static byte[] Dataset(string name, int numCases = 8, double value = 5.0)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write("TSVLMDS1"u8);
        Text(name);
        writer.Write(2);
        Text("low");
        Text("high");
        writer.Write(numCases / 2);
        writer.Write(numCases);
        for (var i = 0; i < numCases; i++)
        {
            writer.Write(i % 2);
            writer.Write(1);
            writer.Write(16);
            for (var step = 0; step < 16; step++) writer.Write(i % 2 * value + Math.Sin(step + i));
        }
        writer.Write(0);
        writer.Write(SHA256.HashData(content.ToArray()));
        return content.ToArray();

        void Text(string text)
        {
            writer.Write(Encoding.UTF8.GetByteCount(text));
            writer.Write(Encoding.UTF8.GetBytes(text));
        }
    }
}

/// <summary>A server-sent event.</summary>
internal sealed record ServerEvent(string Type, JsonNode Data, string? Id);
