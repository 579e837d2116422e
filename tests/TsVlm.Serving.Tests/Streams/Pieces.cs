using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TsVlm.Serving.Tests.Streams;

/// <summary>Pieces of streams as clients send them, and what is read of their answers.</summary>
internal static class Pieces
{
    /// <summary>A piece; NaN as null.</summary>
    public static string Of(string id, double[][]? series = null, object? start = null, bool end = false, long? at = null, double[]? times = null)
    {
        var piece = new JsonObject { ["id"] = id };
        if (start is not null) piece["start"] = JsonSerializer.SerializeToNode(start);
        if (end) piece["end"] = true;
        if (at is not null) piece["at"] = at;
        if (series is not null)
            piece["series"] = JsonSerializer.SerializeToNode(series.Select(channel => channel.Select(value => double.IsNaN(value) ? (double?)null : value)));
        if (times is not null) piece["times"] = JsonSerializer.SerializeToNode(times);
        return piece.ToJsonString();
    }

    /// <summary>Start, end, label and the bits of the probabilities of each window.</summary>
    public static List<string> Windows(JsonNode answer) => [.. answer["windows"]!.AsArray().Select(one => $"{one!["start"]} {one["end"]} "
        + (one["label"] is { } label ? Requests.Bits((string)label!, one["probabilities"]!.AsObject().Select(p => (double)p.Value!)) : "none"))];

    /// <summary>Sends a message.</summary>
    public static Task Send(this ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    /// <summary>The next message; null for the other side's close.</summary>
    public static async Task<JsonNode?> Receive(this ClientWebSocket socket)
    {
        using var message = new MemoryStream();
        var part = new byte[1000];
        while (true)
        {
            var received = await socket.ReceiveAsync(part.AsMemory(), TestContext.Current.CancellationToken);
            if (received.MessageType is WebSocketMessageType.Close) return null;
            message.Write(part, 0, received.Count);
            if (received.EndOfMessage) return JsonNode.Parse(message.ToArray());
        }
    }
}
