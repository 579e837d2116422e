using TsVlm.Contracts.Http;
using TsVlm.Scenarios.Events;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Api;

/// <summary>What happens to an experiment, as server-sent events.</summary>
internal static class EventEndpoints
{
    private const string LastEventId = "Last-Event-ID";

    public static void MapEvents(this WebApplication app) => app.MapGet("/experiments/{id}/events", Follow).WithTags("Experiments")
        .RequireRateLimiting(ApiLimits.EventReaders)
        .WithSummary("Follow an experiment")
        .WithDescription("Server-sent events: progress, stage-ended, run-ended, experiment-ended, and alive while nothing happens. "
            + "Each connection begins with the stages and runs that have ended.")
        .Produces<ExperimentEvent>(200, "text/event-stream").Produces(204).ProducesProblem(404);

    private static async Task<IResult> Follow(string id, HttpContext context, RunQueries queries, EventStream stream,
        IHostApplicationLifetime process)
    {
        var last = context.Request.Headers[LastEventId].ToString();
        if (await queries.Experiment(id, context.RequestAborted) is null) throw ApiProblem.NoExperiment(id);
        // Readers come back by themselves; 204 is what tells them not to.
        if (await stream.IsOver(id, last, context.RequestAborted)) return Results.NoContent();
        if (context.IsHead()) return Results.Text("", "text/event-stream");
        var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, process.ApplicationStopping);
        context.Response.RegisterForDispose(stop);
        context.Response.Headers["X-Accel-Buffering"] = "no";   // or a proxy in front would hold events back
        return TypedResults.ServerSentEvents(stream.Read(id, stop.Token));
    }
}
