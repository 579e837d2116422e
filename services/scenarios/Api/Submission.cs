using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Scenarios.Experiments;

namespace TsVlm.Scenarios.Api;

/// <summary>Takes the body of a submitted experiment to the launcher, at most once for each idempotency key.</summary>
internal sealed class Submission(Launcher launcher, DatasetCatalog catalog, ApiSettings settings, IdempotencyKeys keys)
{
    /// <exception cref="ApiProblem">The key was used with another body.</exception>
    public async Task<SubmittedRuns> Run(byte[] body, string? key, string asked, CancellationToken cancellationToken)
    {
        var hash = ContentHash.Of(body);
        if (key is not null && await keys.Find(key, hash, cancellationToken) is { } known) return new(known, null);
        var submitted = Parse(body);
        var request = submitted.ToRequest(catalog, settings.MaxRuns);
        if (key is not null) await keys.Take(key, hash, cancellationToken);
        try
        {
            var experiment = await launcher.Launch(request, cancellationToken, submitted.Command ?? asked);
            if (key is not null) await keys.Complete(key, experiment.Id, CancellationToken.None);
            return new(experiment.Id, [.. experiment.Runs.Select(run => run.Id)]);
        }
        catch (Exception) when (key is not null)
        {
            // A request that made nothing may be mended and sent again with its key.
            await keys.GiveBack(key, CancellationToken.None);
            throw;
        }
    }

    internal static SubmittedExperiment Parse(byte[] body)
    {
        SchemaCheck.Run(body, "body", SubmittedExperiment.Schema, isFile: false);
        return JsonSerializer.Deserialize<SubmittedExperiment>(body, ContractJson.Compact)!;
    }
}

/// <summary>A submitted experiment.</summary>
/// <param name="Id">Hash of its runs: asking for the same again is the same experiment.</param>
/// <param name="Runs">Ids of its runs; null where the answer repeats an earlier one.</param>
public sealed record SubmittedRuns(string Id, IReadOnlyList<string>? Runs);
