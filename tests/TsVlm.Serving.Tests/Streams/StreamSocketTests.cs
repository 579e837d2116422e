using System.Net;
using System.Net.WebSockets;

namespace TsVlm.Serving.Tests.Streams;

/// <summary>Streams over a WebSocket.</summary>
public class StreamSocketTests(TrainedModels models)
{
    [Fact]
    public async Task Pieces_of_many_streams_on_one_socket_are_answered_as_by_POST_each_stream_in_order()
    {
        await using var serving = await TestServing.Start(new() { MaxBatch = 3 }, ("shapes", models.Probe));
        double[][] walks = [.. Enumerable.Range(0, 5).Select(i => TrainedModels.Walk(i, 1, 40).Channel(0).ToArray())];
        var expected = new List<string>[5];
        for (var i = 0; i < 5; i++)
            expected[i] = Pieces.Windows((await serving.Post("/stream/shapes", Pieces.Of("posted", [walks[i]], new { window = 15, hop = 5 }, end: true))).Json);
        using var socket = await serving.Connect("/stream/shapes");
        for (var from = 0; from < 40; from += 4)
            for (var i = 0; i < 5; i++)
                await socket.Send(Pieces.Of($"{i}", [walks[i][from..(from + 4)]], from == 0 ? new { window = 15, hop = 5 } : null, end: from == 36));
        var (found, samples) = (expected.Select(_ => new List<string>()).ToArray(), new int[5]);
        for (var message = 0; message < 50; message++)
        {
            var answer = (await socket.Receive())!;
            var stream = int.Parse((string)answer["id"]!, null);
            Assert.Equal(samples[stream] += 4, (int)answer["samples"]!);
            found[stream].AddRange(Pieces.Windows(answer));
        }
        Assert.Equal(expected, found);
        Assert.Equal(0, serving.Streams.Count);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);
        Assert.Null(await socket.Receive());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task Pieces_behind_a_refused_one_are_refused_until_one_says_where_it_belongs()
    {
        await using var serving = await TestServing.Start(new() { MaxBatch = 1 }, ("words", models.Answers));
        using var socket = await serving.Connect("/stream/words");
        await socket.Send(Pieces.Of("a", [[1, 2]], new { window = 100 }));
        await socket.Send(Pieces.Of("b", [[1]], new { window = 100 }));
        await socket.Send("""{"id": "a", "series": [[3, "x"]]}""");
        await socket.Send(Pieces.Of("a", [[5]]));
        await socket.Send(Pieces.Of("b", [[2]]));
        await socket.Send(Pieces.Of("a", [[3, 4]], at: 2));
        await socket.Send(Pieces.Of("a", [[5]]));
        var answers = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            var answer = (await socket.Receive())!;
            answers.Add($"{answer["id"]} {answer["samples"]}{answer["status"]}{answer["error"]}");
        }
        Assert.Equal(["a 2", "a 400series[0][1]: expected a finite number, or null for a missing value, found \"x\".",
            "a 409Stream a: a piece before this one was refused. Send on from there, with \"at\": 2.", "a 4", "a 5"], answers.Where(one => one[0] == 'a'));
        Assert.Equal(["b 1", "b 2"], answers.Where(one => one[0] == 'b'));
    }

    [Theory]
    [InlineData("{ x", WebSocketCloseStatus.InvalidPayloadData, "body: expected JSON, found an error at line 1, byte 3.")]
    [InlineData("{}", WebSocketCloseStatus.InvalidPayloadData, "body: expected the member id, found none.")]
    [InlineData("large", WebSocketCloseStatus.MessageTooBig, "Expected messages of at most 1000 bytes, found a larger one.")]
    [InlineData("binary", WebSocketCloseStatus.InvalidMessageType, "Expected JSON as text messages, found a binary one.")]
    public async Task A_message_of_no_stream_ends_the_connection_with_the_reason(string message, WebSocketCloseStatus status, string reason)
    {
        await using var serving = await TestServing.Start(new() { MaxBatch = 1, MaxMessageBytes = 1000 }, ("words", models.Answers));
        using var socket = await serving.Connect("/stream/words");
        await socket.Send(Pieces.Of("a", [[1, 2]], new { window = 100 }));
        Assert.Equal(2, (int)(await socket.Receive())!["samples"]!);
        if (message == "binary") await socket.SendAsync(new byte[3], WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
        else await socket.Send(message == "large" ? new string(' ', 1001) : message);
        Assert.Null(await socket.Receive());
        Assert.Equal((status, reason), (socket.CloseStatus, socket.CloseStatusDescription));
        Assert.Equal(200, (await serving.Post("/stream/words", Pieces.Of("a", [[3]], at: 2))).Status);   // the stream is not the connection's
    }

    [Fact]
    public async Task A_server_that_stops_says_that_streams_end_with_it()
    {
        await using var serving = await TestServing.Start(new() { MaxBatch = 1 }, ("words", models.Answers));
        using var socket = await serving.Connect("/stream/words");
        await socket.Send(Pieces.Of("a", [[1, 2, 3, 4]], new { window = 2 }));
        Assert.Equal(2, (await socket.Receive())!["windows"]!.AsArray().Count);
        var stopping = serving.Stop();
        Assert.Null(await socket.Receive());
        Assert.Equal((WebSocketCloseStatus.EndpointUnavailable, "The server stops. Streams are in its memory and end with it."),
            (socket.CloseStatus, socket.CloseStatusDescription));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);
        await stopping;
    }

    [Fact]
    public async Task Sockets_are_bounded_in_number()
    {
        await using var serving = await TestServing.Start(new() { MaxBatch = 1, MaxStreams = 1 }, ("words", models.Answers));
        using var first = await serving.Connect("/stream/words");
        using var second = new ClientWebSocket();
        second.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => second.ConnectAsync(
            new UriBuilder(serving.Client.BaseAddress!) { Scheme = "ws", Path = "/stream/words" }.Uri, TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.TooManyRequests, second.HttpStatusCode);
    }

    [Fact]
    public async Task A_socket_of_no_model_and_a_GET_without_upgrade_are_refused()
    {
        await using var serving = await TestServing.Start(new() { MaxBatch = 1 }, ("words", models.Answers));
        Assert.Equal(426, (await serving.Get("/stream/words")).Status);
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(
            new UriBuilder(serving.Client.BaseAddress!) { Scheme = "ws", Path = "/stream/other" }.Uri, TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotFound, socket.HttpStatusCode);
    }
}
