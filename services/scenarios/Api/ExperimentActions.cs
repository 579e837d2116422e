using MassTransit;
using TsVlm.Scenarios.Launching;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Api;

/// <summary>Ending and reviving the runs of an experiment.</summary>
internal static class ExperimentActions
{
    public static void MapExperimentActions(this WebApplication app)
    {
        var experiment = app.MapGroup("/experiments/{id}").WithTags("Experiments");
        experiment.MapPost("/cancel", Cancel).WithSummary("Cancels every run that has not ended and that no other experiment wants.")
            .Produces<CancelledRuns>().ProducesProblem(404);
        experiment.MapPost("/retry", Retry).WithSummary("Lets the runs that failed or were cancelled run again.").Produces<RetriedRuns>()
            .ProducesProblem(404);
    }

    private static async Task<CancelledRuns> Cancel(string id, RunStore runs, ReportStore reports, Reconciler reconciler, IBus bus,
        CancellationToken cancellationToken)
    {
        if (await reports.Find(id, cancellationToken) is null) throw ApiProblem.NoExperiment(id);
        var cancelled = await runs.Cancel(id, cancellationToken);
        foreach (var message in cancelled) await bus.Publish(message, cancellationToken);
        reconciler.Trigger();
        return new([.. cancelled.Select(message => message.RunId)]);
    }

    private static async Task<RetriedRuns> Retry(string id, RunStore runs, ReportStore reports, Reconciler reconciler,
        CancellationToken cancellationToken)
    {
        if (await reports.Find(id, cancellationToken) is not { } experiment) throw ApiProblem.NoExperiment(id);
        var states = await runs.Runs(id, cancellationToken);
        List<string> ended = [.. states.Where(run => run.Failed is not null || run.Cancelled).Select(run => run.Run.Id)];
        if (ended.Count > 0 || experiment.Report is StageStatus.Failed)
            await runs.Submit(id, [.. states.Select(run => run.Run)], cancellationToken);
        reconciler.Trigger();
        return new(ended);
    }
}

/// <summary>What was cancelled.</summary>
/// <param name="Cancelled">Ids of the runs.</param>
public sealed record CancelledRuns(IReadOnlyList<string> Cancelled);

/// <summary>What runs again.</summary>
/// <param name="Retried">Ids of the runs.</param>
public sealed record RetriedRuns(IReadOnlyList<string> Retried);
