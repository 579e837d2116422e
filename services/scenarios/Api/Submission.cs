using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Scenarios.Experiments;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Api;

/// <summary>Takes the body of a submitted experiment to the launcher, at most once for each idempotency key.</summary>
internal sealed class Submission(
    Launcher launcher, ExperimentPlans plans, RunQueries queries, DatasetCatalog catalog, ApiSettings settings, IdempotencyKeys keys)
{
    /// <exception cref="ApiProblem">The key was used with another body.</exception>
    public async Task<SubmissionResponse> Run(byte[] body, string? key, string asked, CancellationToken cancellationToken)
    {
        var hash = ContentHash.Of(body);
        if (key is not null && await keys.Find(key, hash, cancellationToken) is { } known)
            return new(known, (await queries.Experiment(known, cancellationToken))?.Counts.Total ?? 0);
        var submitted = Parse(body);
        var request = submitted.ToRequest(catalog, settings.MaxRuns);
        if (key is not null) await keys.Take(key, hash, cancellationToken);
        try
        {
            var experiment = await launcher.Launch(request, cancellationToken, submitted.Command ?? asked);
            if (key is not null) await keys.Complete(key, experiment.Id, cancellationToken);
            return new(experiment.Id, experiment.Runs.Count);
        }
        catch (Exception error) when (key is not null && ApiErrors.Describe(error).Status < StatusCodes.Status500InternalServerError)
        {
            // A request that is to be mended may be sent again with its key; one that failed for another reason goes on with the same body.
            await keys.GiveBack(key, CancellationToken.None);
            throw;
        }
    }

    /// <summary>What the body asks for, planned as its submission would be, and refused with the same words.</summary>
    public Task<PlannedExperiment> Plan(byte[] body, CancellationToken cancellationToken) =>
        plans.Of(Parse(body).ToRequest(catalog, settings.MaxRuns), cancellationToken);

    internal static ExperimentSubmission Parse(byte[] body)
    {
        SchemaCheck.Run(body, "body", SubmittedExperiment.Schema, isFile: false);
        return JsonSerializer.Deserialize<ExperimentSubmission>(body, ContractJson.Compact)!;
    }
}
