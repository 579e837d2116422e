using TsVlm.Contracts.Http;
using TsVlm.Scenarios.Launching;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Api;

/// <summary>Ending and reviving the runs of an experiment.</summary>
internal static class ExperimentActions
{
    /// <summary>A cancellation that takes longer goes on after its answer.</summary>
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(1);

    public static void MapExperimentActions(this WebApplication app)
    {
        var experiment = app.MapGroup("/experiments/{id}").WithTags("Experiments");
        experiment.MapPost("/cancel", Cancel)
            .WithSummary("Cancel an experiment")
            .WithDescription("Cancels every run that has not ended and that no other experiment wants. 202 says that this goes on after the "
                + "answer.")
            .Produces<CancelledExperiment>().Produces<CancelledExperiment>(202).ProducesProblem(404);
        experiment.MapPost("/retry", Retry).WithSummary("Retry an experiment")
            .WithDescription("Lets the runs that failed or were cancelled run again.").Produces<RetriedExperiment>().ProducesProblem(404);
    }

    /// <summary>Needs no broker: the messages to the workers are sent once it answers.</summary>
    private static async Task<IResult> Cancel(string id, ExperimentStore experiments, RunQueries queries, RunCanceller canceller,
        CancellationToken cancellationToken)
    {
        if (!await experiments.RequestCancel(id, cancellationToken)) throw ApiProblem.NoExperiment(id);
        var isComplete = await canceller.Run(id, CancelLimit, cancellationToken);
        var (_, counts) = await queries.Experiment(id, cancellationToken) ?? throw ApiProblem.NoExperiment(id);
        var answer = new CancelledExperiment(id, counts);
        return isComplete ? Results.Ok(answer) : Results.Accepted($"/experiments/{id}", answer);
    }

    private static async Task<RetriedExperiment> Retry(string id, ExperimentStore experiments, Reconciler reconciler,
        CancellationToken cancellationToken)
    {
        var numRetried = await experiments.Retry(id, cancellationToken) ?? throw ApiProblem.NoExperiment(id);
        reconciler.Trigger();
        return new(id, numRetried);
    }
}
