using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TsVlm.Contracts;

namespace TsVlm.Scenarios.Api;

/// <summary>
/// Asks the database, and for endpoints with <see cref="UsesArtifacts"/> the artifact store, whether they answer while a request takes
/// long, and breaks the request off if one does not: it is answered within two seconds. A quick request asks nothing, requests that wait at
/// the same time ask once, and an answer that has begun is left to itself.
/// </summary>
internal sealed class SlowRequests(HealthCheckService health, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.4);   // before the first question
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(0.1);      // between breaking off and answering all the same
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.8);   // between two questions
    private readonly Server runs = new("runs", "run state", health, clock);
    private readonly Server artifacts = new("artifacts", "artifact store", health, clock);

    /// <exception cref="ServerAwayException">A server behind this service does not answer.</exception>
    public async Task Guard(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata is not { } endpoint || endpoint.GetMetadata<ITagsMetadata>() is null)
        {
            await next(context);   // none of the API: health, the reference, or nothing at all
            return;
        }
        Server[] servers = endpoint.GetMetadata<UsesArtifacts>() is null ? [runs] : [runs, artifacts];
        var aborted = context.RequestAborted;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        context.RequestAborted = stop.Token;
        var handling = Handle();
        if (await Watch(handling, servers, context.Response) is not { } away)
        {
            context.RequestAborted = aborted;
            await handling;
            return;
        }
        var cancelling = stop.CancelAsync();
        // A driver may ask the server that hangs to end a query, and wait for that: the client need not.
        var hasEnded = await EndsWithin(handling, Grace);
        if (!hasEnded && !context.Response.HasStarted) await Refuse(context, away, aborted);
        await handling.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await cancelling;
        context.RequestAborted = aborted;
        if (!context.Response.HasStarted) throw new ServerAwayException(Message(away), handling.Exception?.InnerException);

        async Task Handle() => await next(context);
    }

    private static string Message(Server away) => $"The {away.Title} does not answer.";

    /// <summary>Answers while the request is still at work; its connection can take no other before that has ended.</summary>
    private static async Task Refuse(HttpContext context, Server away, CancellationToken cancellationToken)
    {
        var (status, title, detail) = ApiErrors.Describe(new ServerAwayException(Message(away), null));
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = ApiErrors.RetryAfter;
        context.Response.Headers.Connection = "close";
        await context.Response.WriteAsJsonAsync(new ProblemDetails { Status = status, Title = title, Detail = detail }, options: null,
            "application/problem+json", cancellationToken);
        await context.Response.CompleteAsync();
    }

    /// <summary>Asks the servers from time to time until the request has ended, or its answer has begun.</summary>
    /// <returns>The first that does not answer; null where the request ended before.</returns>
    private static async Task<Server?> Watch(Task handling, IReadOnlyList<Server> servers, HttpResponse response)
    {
        for (var wait = Patience; ; wait = Interval)
        {
            if (await EndsWithin(handling, wait) || response.HasStarted) return null;
            foreach (var server in servers)
            {
                var asking = server.Answers();
                if (await Task.WhenAny(handling, asking) == handling) return null;
                if (!await asking) return server;
            }
        }
    }

    private static async Task<bool> EndsWithin(Task handling, TimeSpan limit)
    {
        if (handling.IsCompleted) return true;
        using var ended = new CancellationTokenSource();
        var first = await Task.WhenAny(handling, Task.Delay(limit, ended.Token));
        await ended.CancelAsync();
        return first == handling;
    }

    /// <summary>A server behind this service, by the name of its health check and by what it is called in an answer.</summary>
    private sealed class Server(string check, string title, HealthCheckService health, TimeProvider clock)
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
        private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(0.5);
        private readonly Lock turn = new();
        private Task<bool>? last;
        private long asked;

        public string Title => title;

        public Task<bool> Answers()
        {
            lock (turn)
            {
                if (last is { IsCompleted: false } || (last is not null && clock.GetElapsedTime(asked) < Freshness)) return last;
                asked = clock.GetTimestamp();
                return last = Ask();
            }
        }

        private async Task<bool> Ask()
        {
            try
            {
                var found = await Task.Run(() => health.CheckHealthAsync(known => known.Name == check)).WaitAsync(Limit, clock);
                return found.Status is HealthStatus.Healthy;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }
}

/// <summary>Marks endpoints that read or write artifacts.</summary>
internal sealed record UsesArtifacts;

/// <summary>A server behind this service did not answer while a request waited for it.</summary>
internal sealed class ServerAwayException(string message, Exception? cause) : Exception(message, cause), IUserFacingError;
