using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace TsVlm.Distributed.Tests;

/// <summary>Methods, headers and how much a key may ask for.</summary>
public sealed class ApiLimitTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HEAD_is_answered_as_GET_without_a_body_and_health_takes_no_other_method()
    {
        await using var system = await DistributedSystem.Start(servers);
        var http = system.Scenarios.Http;
        var id = await system.Submit(Grids.Of("head", 0.1, Grids.Scenario("a")));
        foreach (var path in (string[])["/experiments", $"/experiments/{id}", "/experiments/none", $"/experiments/{id}/events", "/health", "/alive"])
        {
            using var head = await http.SendAsync(new(HttpMethod.Head, path), Stop);
            using var get = await http.SendAsync(new(HttpMethod.Get, path), HttpCompletionOption.ResponseHeadersRead, Stop);
            Assert.Equal((get.StatusCode, get.Content.Headers.ContentType?.MediaType),
                (head.StatusCode, head.Content.Headers.ContentType?.MediaType));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(Stop));
        }
        // What is left on the wire is the next answer, not a body of the first.
        var wire = await Wire(http, $"HEAD /experiments/{id} HTTP/1.1\r\nHost: x\r\n\r\nGET /alive HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.Equal(2, wire.Split("HTTP/1.1 200").Length - 1);
        Assert.DoesNotContain("numRuns", wire);
        foreach (var path in (string[])["/health", "/alive"])
        {
            using var answer = await http.PostAsync(path, null, Stop);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_when_to_ask_again_and_another_key_is_not_held_up()
    {
        var settings = new Dictionary<string, string>
        {
            ["Api__Key"] = "often, seldom", ["Api__RequestsPerSecond"] = "5", ["Api__MaxEventReaders"] = "2",
        };
        await using var system = await DistributedSystem.Start(servers, settings);
        var http = system.Scenarios.Http;
        async Task<HttpResponseMessage> Get(string key, string path)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Api-Key", key } } };
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        }
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Get("often", "/experiments")));
        var refused = Assert.IsType<HttpResponseMessage>(answers.First(answer => answer.StatusCode is HttpStatusCode.TooManyRequests));
        Assert.Contains(answers, answer => answer.StatusCode is HttpStatusCode.OK);
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync(Stop))!;
        Assert.Contains("at most 5 requests per second", (string)problem["detail"]!);
        Assert.Equal(HttpStatusCode.OK, (await Get("seldom", "/experiments")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await system.Scenarios.Health());

        http.DefaultRequestHeaders.Add("X-Api-Key", "seldom");
        var id = await system.Submit(Grids.Of("readers", 0.1, Grids.Scenario("a")));
        using var first = await Get("seldom", $"/experiments/{id}/events");
        using var second = await Get("seldom", $"/experiments/{id}/events");
        using var third = await Get("seldom", $"/experiments/{id}/events");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode, third.StatusCode));
        Assert.Contains("at most 2 streams of events", await third.Content.ReadAsStringAsync(Stop));
        first.Dispose();
        await Wait.Until(async () =>
        {
            using var again = await Get("seldom", $"/experiments/{id}/events");
            return again.StatusCode is HttpStatusCode.OK;
        }, () => system.Logs, 30);
    }

    private static async Task<string> Wire(HttpClient http, string sent)
    {
        using var client = new TcpClient(http.BaseAddress!.Host, http.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(sent), Stop);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Stop);
    }
}
