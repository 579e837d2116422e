using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using TsVlm.Serving.Models;
using TsVlm.Serving.Requests;
using TsVlm.Telemetry;

namespace TsVlm.Serving.Streams;

/// <summary>Streams: <c>POST /stream/MODEL</c> takes one piece, a WebSocket at the same address takes many, of many streams.</summary>
internal static class StreamEndpoint
{
    /// <summary>Adds both.</summary>
    /// <param name="app">Where to.</param>
    /// <param name="stopping">Ends when the process is to stop.</param>
    public static void Map(IEndpointRouteBuilder app, CancellationToken stopping)
    {
        foreach (var route in (string[])["/stream/{model}", "/stream/{model}/versions/{version}"])
        {
            app.MapPost(route, Take);
            app.MapGet(route, async (string model, string? version, HttpContext context, ModelRepository models, StreamPieces pieces,
                SeriesBounds bounds, ServingSettings settings, ILogger<StreamSocket> log) =>
            {
                using var streams = new StreamSocket(pieces, bounds, settings, log);
                await Connect(model, version, context, models, streams, settings, stopping);
            });
        }
    }

    private static async Task<IResult> Take(string model, string? version, HttpContext context, ModelRepository models, StreamPieces pieces,
        SeriesBounds bounds, ServingSettings settings)
    {
        _ = models.Find(model, version);   // refuses before the body is read
        using var body = await RequestBody.Read(context.Request);
        var request = PieceRequest.Read(body.RootElement, bounds, settings.MaxSteps);
        using var span = ServingTraces.Start(TelemetryNames.Piece, model, request.Piece?.NumSamples ?? 0);
        return Results.Bytes(PieceAnswerJson.Of(await pieces.Take(model, version, request, isPipelined: false, context.RequestAborted)),
            "application/json");
    }

    private static async Task Connect(string model, string? version, HttpContext context, ModelRepository models, StreamSocket streams,
        ServingSettings settings, CancellationToken stopping)
    {
        _ = models.Find(model, version);
        if (!context.WebSockets.IsWebSocketRequest)
            throw new RequestException($"{context.Request.Path}: expected a POST with a piece of a stream, or a WebSocket, found a GET without upgrade.",
                StatusCodes.Status426UpgradeRequired);
        using var socket = await Accepted(context, settings);
        await streams.Serve(socket, model, version, context.RequestAborted, stopping);
    }

    private static async Task<WebSocket> Accepted(HttpContext context, ServingSettings settings)
    {
        try
        {
            return await context.WebSockets.AcceptWebSocketAsync();
        }
        catch (InvalidOperationException) when (!context.Response.HasStarted)
        {
            // Kestrel counts them, and has no other exception for it.
            throw new RequestException($"WebSockets: expected room for one more, found {settings.MaxStreams} open. Send pieces of several streams over one.",
                StatusCodes.Status429TooManyRequests) { RetryAfter = TimeSpan.FromSeconds(1) };
        }
    }
}
