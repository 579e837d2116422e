using System.Diagnostics;

namespace TsVlm.Chaos.Api;

/// <summary>A client that holds a stream of events for some seconds, leaves it and opens another.</summary>
internal sealed class EventReader(int number, ThinkTime think, ApiCaller caller, KnownExperiments known, RequestLog log)
{
    private const int MinHeldMs = 5_000;
    private const int MaxHeldMs = 20_000;
    private readonly Random random = new(number);

    public async Task Run(CancellationToken end)
    {
        await think.Begin(random, end);
        while (!end.IsCancellationRequested)
        {
            await Follow(known.Submitted(random) ?? known.Finished(random).Id, end);
            await think.Pause(random, end);
        }
    }

    /// <summary>Reads until the stream ends or is left; one that breaks, or has no event by then, is an error of the transport.</summary>
    private async Task Follow(string id, CancellationToken end)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(end);
        leaving.CancelAfter(random.Next(MinHeldMs, MaxHeldMs));
        var held = leaving.Token;
        var started = Stopwatch.GetTimestamp();
        double Elapsed() => Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var isAnswered = false;
        try
        {
            using var answer = await caller.Http.GetAsync(new Uri($"/experiments/{id}/events", UriKind.Relative),
                HttpCompletionOption.ResponseHeadersRead, held);
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(held));
            while (await lines.ReadLineAsync(held) is { } line)
            {
                if (!isAnswered) log.Add(RequestKinds.Events, (int)answer.StatusCode, Elapsed(), line);
                isAnswered = true;
            }
            if (!isAnswered) log.Add(RequestKinds.Events, (int)answer.StatusCode, Elapsed());
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            if (end.IsCancellationRequested || (held.IsCancellationRequested && isAnswered)) return;
            log.Add(RequestKinds.Events, RequestLog.TransportError, Elapsed(),
                isAnswered ? $"The stream broke: {error.Message}" : $"No event came: {error.Message}");
        }
    }
}
