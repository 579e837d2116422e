using Microsoft.AspNetCore.Http;
using TsVlm.Serving.Models;
using TsVlm.Serving.Requests;
using TsVlm.Serving.Windows;
using TsVlm.Telemetry;

namespace TsVlm.Serving.Streams;

/// <summary>
/// All open streams, in memory: bounded in number and in bytes, each dropped when it was idle for too long. None survives the process.
/// </summary>
internal sealed class OpenStreams : IDisposable
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(60);
    private readonly ServingSettings settings;
    private readonly TimeProvider clock;
    private readonly ITimer sweep;
    private readonly Lock gate = new();
    private readonly Dictionary<(string Model, string Id), OpenStream> streams = [];
    private long numBytes;

    /// <summary>No stream is open.</summary>
    public OpenStreams(ServingSettings settings, TimeProvider clock)
    {
        (this.settings, this.clock) = (settings, clock);
        sweep = clock.CreateTimer(_ => DropIdle(), null, settings.StreamIdleTimeout, settings.StreamIdleTimeout);
    }

    /// <summary>How many are open.</summary>
    public int Count
    {
        get
        {
            lock (gate) return streams.Count;
        }
    }

    /// <summary>
    /// Opens a stream for its first piece; an earlier stream of that id ends, whatever becomes of the piece, unless there is no room.
    /// </summary>
    /// <exception cref="RequestException">A piece of the earlier one is under way (409), or there is no room (429).</exception>
    public OpenStream Open(ServedModel model, string id, WindowSettings cut)
    {
        var opened = new OpenStream(model, id, cut, model.Classifier.NumChannels) { IsBusy = true, LastUsed = clock.GetTimestamp() };
        if (opened.NumBytes > settings.MaxStreamBytes)
            throw new RequestException($"start.window: expected a window of at most {settings.MaxStreamBytes} bytes, found {opened.NumBytes}.");
        lock (gate)
        {
            var earlier = streams.GetValueOrDefault((model.Source.Name, id));
            if (earlier is { IsBusy: true }) throw Busy(earlier);
            if (!HasRoom(opened, earlier)) RemoveIdle();
            if (!HasRoom(opened, earlier))
            {
                ServingMetrics.Refused(model.Source.Name);
                throw new RequestException(
                    $"Streams: expected room for one more, found {streams.Count} of {settings.MaxStreams} open, which take {numBytes} of "
                    + $"{settings.MaxStreamBytes} bytes. End one, or start later.", StatusCodes.Status429TooManyRequests) { RetryAfter = TimeToNextDrop() };
            }
            if (streams.TryGetValue((model.Source.Name, id), out earlier)) Remove(earlier);
            streams.Add((model.Source.Name, id), opened);
            numBytes += opened.NumBytes;
        }
        ServingMetrics.Opened(model.Source.Name, 1);
        return opened;
    }

    /// <summary>Takes an open stream for a piece of it, until <see cref="Leave"/>.</summary>
    /// <exception cref="RequestException">None of that id is open (404), it is of another version (409), or a piece is under way (409).</exception>
    public OpenStream Enter(string model, string? version, string id)
    {
        lock (gate)
        {
            if (streams.GetValueOrDefault((model, id)) is { IsBusy: false } idle && IsIdle(idle)) Drop(idle);
            var found = streams.GetValueOrDefault((model, id)) ?? throw new RequestException(
                $"Stream {id} of model {model}: expected one that is open, found none. It was not started, has ended, got no piece for longer than "
                + $"{settings.StreamIdleTimeout.TotalSeconds} s, or was lost when the server restarted, as streams are in memory only. "
                + "Send a piece with start.", StatusCodes.Status404NotFound);
            if (version is not null && version != found.Model.Source.Version)
                throw new RequestException($"Stream {id} of model {model}: expected version {found.Model.Source.Version}, which it was started with, "
                    + $"found {version}.", StatusCodes.Status409Conflict);
            if (found.IsBusy) throw Busy(found);
            found.IsBusy = true;
            return found;
        }
    }

    /// <summary>The piece is done with.</summary>
    /// <param name="stream">Its stream.</param>
    /// <param name="hasEnded">Whether the stream has ended.</param>
    public void Leave(OpenStream stream, bool hasEnded)
    {
        lock (gate)
        {
            stream.IsBusy = false;
            stream.LastUsed = clock.GetTimestamp();
            if (hasEnded) Remove(stream);
        }
    }

    /// <summary>A piece of that stream was refused, and later ones may be on their way.</summary>
    public void Interrupt(string model, string id)
    {
        lock (gate)
        {
            if (streams.TryGetValue((model, id), out var stream)) stream.IsInterrupted = true;
        }
    }

    /// <inheritdoc />
    public void Dispose() => sweep.Dispose();

    private static RequestException Busy(OpenStream stream) => new(
        $"Stream {stream.Id} of model {stream.Model.Source.Name}: expected the next piece after the answer to the one before, found that under way.",
        StatusCodes.Status409Conflict);

    /// <summary>Whether there is room for a stream, where an earlier one ends.</summary>
    private bool HasRoom(OpenStream stream, OpenStream? ends) =>
        streams.Count - (ends is null ? 0 : 1) < settings.MaxStreams
        && numBytes - (ends?.NumBytes ?? 0) + stream.NumBytes <= settings.MaxStreamBytes;

    private bool IsIdle(OpenStream stream) => !stream.IsBusy && clock.GetElapsedTime(stream.LastUsed) > settings.StreamIdleTimeout;

    private void DropIdle()
    {
        lock (gate) RemoveIdle();
    }

    private void RemoveIdle()
    {
        foreach (var stream in streams.Values.Where(IsIdle).ToList()) Drop(stream);
    }

    private void Drop(OpenStream stream)
    {
        Remove(stream);
        ServingMetrics.Dropped(stream.Model.Source.Name);
    }

    private void Remove(OpenStream stream)
    {
        streams.Remove((stream.Model.Source.Name, stream.Id));
        numBytes -= stream.NumBytes;
        ServingMetrics.Opened(stream.Model.Source.Name, -1);
    }

    /// <summary>When the one that was idle for longest is dropped, if nothing comes; up to a minute.</summary>
    private TimeSpan TimeToNextDrop()
    {
        var longest = streams.Values.Where(stream => !stream.IsBusy).Select(stream => clock.GetElapsedTime(stream.LastUsed)).DefaultIfEmpty().Max();
        var left = settings.StreamIdleTimeout - longest;
        return left < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : left < LongestRetry ? left : LongestRetry;
    }
}
