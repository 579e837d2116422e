using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TsVlm.Contracts;
using TsVlm.Serving.Requests;
using TsVlm.Telemetry;

namespace TsVlm.Serving.Streams;

/// <summary>
/// A WebSocket whose messages are pieces of streams of one model. Pieces of one stream are answered in their order, those of others
/// meanwhile. Only so many are under way at a time; no more is read until one is answered, which slows the sender down.
/// </summary>
/// <param name="pieces">Takes pieces.</param>
/// <param name="bounds">Bounds of series.</param>
/// <param name="settings">Other bounds.</param>
/// <param name="log">Hears of failures.</param>
internal sealed partial class StreamSocket(StreamPieces pieces, SeriesBounds bounds, ServingSettings settings, ILogger<StreamSocket> log) : IDisposable
{
    private const int MaxUnderWay = 16;
    private const string StoppingText = "The server stops. Streams are in its memory and end with it.";
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim sending = new(1), room = new(MaxUnderWay);
    private readonly Dictionary<string, Task> latest = [];   // of each stream, the piece that was read last

    /// <summary>Answers messages until one side closes.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="version">Its version; null for any.</param>
    /// <param name="aborted">Ends when the client has gone.</param>
    /// <param name="stopping">Ends when the process is to stop.</param>
    public async Task Serve(WebSocket socket, string model, string? version, CancellationToken aborted, CancellationToken stopping)
    {
        var connection = Activity.Current?.Context ?? default;
        var end = (Status: WebSocketCloseStatus.NormalClosure, Text: "");
        var stopped = new TaskCompletionSource();
        await using var registration = stopping.Register(() => stopped.TrySetResult());
        try
        {
            Task<Message> reading;
            while (await Task.WhenAny(reading = Read(socket, aborted), stopped.Task) == reading && await reading is { Body: { } body })
            {
                if (!await HasRoom())
                {
                    end = (WebSocketCloseStatus.EndpointUnavailable, StoppingText);
                    break;
                }
                if (!Begin(body)) break;
            }
            if (reading.IsCompletedSuccessfully && reading.Result.Fault is { } fault) end = (fault.Status, fault.Text);
            else if (!reading.IsCompleted) end = (WebSocketCloseStatus.EndpointUnavailable, StoppingText);
            await Task.WhenAll(latest.Values);
            await socket.CloseOutputAsync(end.Status, end.Text, aborted);
            if (socket.State is WebSocketState.CloseSent) await WaitForClose(socket, reading, aborted);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            socket.Abort();   // the client has gone; what is under way is not taken
        }
        finally
        {
            await Task.WhenAll(latest.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Waits until fewer pieces are under way, or the process is to stop.
        async Task<bool> HasRoom()
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
            try
            {
                await room.WaitAsync(either.Token);
                return true;
            }
            catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
            {
                return false;
            }
        }

        bool Begin(byte[] body)
        {
            JsonDocument? json = null;
            string? id = null;
            try
            {
                json = RequestBody.Parse(body);
                id = PieceRequest.IdOf(json.RootElement);
            }
            catch (RequestException error)
            {
                // To which stream it belonged is not known, so none can be told that a piece is missing.
                json?.Dispose();
                end = (WebSocketCloseStatus.InvalidPayloadData, Shortened(error.Message));
                room.Release();
                return false;
            }
            if (latest.Count >= 2 * MaxUnderWay)
                foreach (var (done, _) in latest.Where(one => one.Value.IsCompleted).ToList()) latest.Remove(done);
            latest[id] = Answer(latest.GetValueOrDefault(id, Task.CompletedTask), id, json);
            return true;
        }

        async Task Answer(Task before, string id, JsonDocument json)
        {
            try
            {
                await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
                using var span = ServingTraces.StartPiece(model, connection);
                await Send(socket, await Taken(id, json), aborted);
            }
            finally
            {
                json.Dispose();
                room.Release();
            }
        }

        async Task<byte[]> Taken(string id, JsonDocument json)
        {
            try
            {
                var request = PieceRequest.Read(json.RootElement, bounds, settings.MaxSteps);
                return PieceAnswerJson.Of(await pieces.Take(model, version, request, isPipelined: true, aborted));
            }
            catch (RequestException error)
            {
                pieces.Interrupt(model, id);
                return PieceAnswerJson.Of(id, error);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                pieces.Interrupt(model, id);
                LogFailed(error, model);
                return PieceAnswerJson.Of(id, new RequestException(error is IUserFacingError ? error.Message : "The server failed; its log says why.",
                    StatusCodes.Status500InternalServerError));
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        sending.Dispose();
        room.Dispose();
    }

    private async Task<Message> Read(WebSocket socket, CancellationToken aborted)
    {
        using var message = new MemoryStream();
        var part = new byte[4096];
        while (true)
        {
            var received = await socket.ReceiveAsync(part.AsMemory(), aborted);
            if (received.MessageType is WebSocketMessageType.Close) return new(null, null);
            if (received.MessageType is not WebSocketMessageType.Text)
                return new(null, new(WebSocketCloseStatus.InvalidMessageType, "Expected JSON as text messages, found a binary one."));
            if (message.Length + received.Count > settings.MaxMessageBytes)
                return new(null, new(WebSocketCloseStatus.MessageTooBig,
                    $"Expected messages of at most {settings.MaxMessageBytes} bytes, found a larger one."));
            message.Write(part, 0, received.Count);
            if (received.EndOfMessage) return new(message.ToArray(), null);
        }
    }

    private async Task Send(WebSocket socket, byte[] message, CancellationToken aborted)
    {
        await sending.WaitAsync(aborted);
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, aborted);
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Reads on until the client has closed too, which it may not.</summary>
    private static async Task WaitForClose(WebSocket socket, Task<Message> reading, CancellationToken aborted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        patience.CancelAfter(CloseTimeout);
        if (!reading.IsCompleted) await reading.WaitAsync(patience.Token);
        while (socket.State is WebSocketState.CloseSent) await socket.ReceiveAsync(new byte[4096].AsMemory(), patience.Token);
    }

    /// <summary>The reason of a close has room for 123 bytes.</summary>
    private static string Shortened(string text)
    {
        var ascii = string.Concat(text.Select(c => char.IsAscii(c) ? c : '?'));
        return ascii.Length <= 120 ? ascii : ascii[..117] + "...";
    }

    [LoggerMessage(LogLevel.Error, "A piece of a stream of model {Model} failed.")]
    private partial void LogFailed(Exception error, string model);

    private sealed record Message(byte[]? Body, Fault? Fault);

    private sealed record Fault(WebSocketCloseStatus Status, string Text);
}
