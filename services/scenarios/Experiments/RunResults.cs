using System.Collections.Concurrent;
using System.Text.Json;
using TsVlm.Artifacts;
using TsVlm.Contracts;

namespace TsVlm.Scenarios.Experiments;

/// <summary>The metrics of finished runs, as their evaluations hold them; an artifact never changes, so each is read once.</summary>
internal sealed class RunResults(IArtifactStore artifacts)
{
    private const int NumAtATime = 16;
    private const int MaxKept = 100_000;
    private readonly ConcurrentDictionary<string, RunResult> known = new();

    /// <summary>The results of runs that succeeded, in their order.</summary>
    /// <exception cref="ArtifactException">An evaluation is not in the store any more.</exception>
    public async Task<IReadOnlyList<RunResult>> Of(IReadOnlyList<RunSpec> runs, CancellationToken cancellationToken)
    {
        var results = new RunResult[runs.Count];
        await Parallel.ForAsync(0, runs.Count,
            new ParallelOptions { MaxDegreeOfParallelism = NumAtATime, CancellationToken = cancellationToken },
                async (i, cancellationToken) =>
            // The metrics are under this run's id, even if another run made the artifact.
            results[i] = await Read(ArtifactKeys.Evaluation(runs[i]), cancellationToken) with { Run = runs[i] });
        return results;
    }

    private async Task<RunResult> Read(ArtifactKey key, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(key.Hash, out var result)) return result;
        await using var stream = await artifacts.OpenRead(key, ArtifactFiles.Result, cancellationToken);
        result = await JsonSerializer.DeserializeAsync<RunResult>(stream, ContractJson.Indented, cancellationToken)
            ?? throw new ArtifactException(
                $"{key}/{ArtifactFiles.Result}: expected the metrics of a run, found null. Remove the artifact; the stage will run again.");
        if (known.Count >= MaxKept) known.Clear();
        return known[key.Hash] = result;
    }
}
