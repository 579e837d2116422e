using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TsVlm.Artifacts;
using TsVlm.Contracts;

namespace TsVlm.Scenarios.State;

/// <summary>
/// Forgets experiments, and removes from the store what none refers to any more. Nothing is removed before everything that is referred to
/// is known; an experiment is forgotten first, so a process that dies in between leaves work for the next time, never a reference to
/// nothing.
/// </summary>
public sealed class ArtifactRetention(IDbContextFactory<RunDatabase> databases, IArtifactStore artifacts, TimeProvider clock)
{
    /// <summary>Kinds whose references the run state tells; of others nothing is known, so they stay.</summary>
    private static readonly ArtifactKind[] Known = [ArtifactKind.Dataset, ArtifactKind.Samples, ArtifactKind.Checkpoint,
        ArtifactKind.Evaluation, ArtifactKind.Report,
        ArtifactKind.Rationales];

    /// <summary>Does so, or with <see cref="RetentionSettings.DryRun"/> only tells what it would do.</summary>
    /// <exception cref="RetentionException">The experiment named is unknown or under way, or a run cannot be read.</exception>
    public async Task<RetentionResult> Run(RetentionSettings settings, CancellationToken cancellationToken)
    {
        var experiments = await Experiments(settings, cancellationToken);
        var kept = experiments.Where(e => !e.IsForgotten).Select(e => e.Id).ToHashSet();
        var referenced = await Referenced(kept, cancellationToken);
        if (!settings.DryRun) await Forget(experiments.Where(e => e.IsForgotten).Select(e => e.Id).ToHashSet(), cancellationToken);

        var parts = await artifacts.List(cancellationToken).ToListAsync(cancellationToken);
        // The list took its time: what was asked for meanwhile counts.
        if (!settings.DryRun) referenced = await Referenced(null, cancellationToken);
        var whole = parts.Where(part => part.Kind is StoredPartKind.Artifact).Select(part => part.Key).ToHashSet();
        var newest = clock.GetUtcNow() - settings.MinAge;
        var removed = new List<StoredPart>();
        foreach (var part in parts.Where(part => part.LastWrite <= newest && !IsNeeded(part, referenced, whole)))
        {
            if (settings.DryRun || await artifacts.Remove(part, cancellationToken)) removed.Add(part);
        }
        return new(experiments, removed, parts.Except(removed).Sum(part => part.Bytes));
    }

    /// <summary>A leftover is of use to nobody, once no writer is at work on it; a snapshot is until its artifact is there.</summary>
    private static bool IsNeeded(StoredPart part, HashSet<ArtifactKey> referenced, HashSet<ArtifactKey> whole) => part.Kind switch
    {
        StoredPartKind.Artifact => referenced.Contains(part.Key) || !Known.Contains(part.Key.Kind),
        StoredPartKind.Snapshots => referenced.Contains(part.Key) && !whole.Contains(part.Key),
        _ => false,
    };

    private async Task<IReadOnlyList<RetainedExperiment>> Experiments(RetentionSettings settings, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await database.Experiments.AsNoTracking().Include(e => e.Runs).ThenInclude(r => r.Run.Stages)
            .ToListAsync(cancellationToken);
        if (settings.Forget is { } named)
        {
            var row = rows.SingleOrDefault(e => e.Id == named)
                ?? throw new RetentionException(
                    $"Experiment '{named}': expected one of {string.Join(", ", rows.Select(e => e.Id).DefaultIfEmpty("none"))}.");
            if (IsUnderWay(row, settings))
                throw new RetentionException($"Experiment {named} is under way. Cancel it first, or wait for its end.");
        }
        return [.. rows.OrderBy(e => e.CreatedUtc)
            .Select(e => new RetainedExperiment(e.Id, e.CreatedUtc, e.Runs.Count, !IsUnderWay(e, settings) && IsToGo(e, settings)))];
    }

    private bool IsToGo(ExperimentRow experiment, RetentionSettings settings) =>
        experiment.Id == settings.Forget || settings.KeepFor is { } span && experiment.CreatedUtc < clock.GetUtcNow().UtcDateTime - span;

    private static bool IsUnderWay(ExperimentRow experiment, RetentionSettings settings) =>
        !settings.NothingIsUnderWay && experiment.Intent is not ExperimentIntent.Wait
        && experiment.Runs.Any(r => StateTables.Of(r.Run.Stages.Select(s => s.Status)) is RunState.Open);

    /// <summary>The artifacts of every run of these experiments; of all there are now where none are named.</summary>
    private async Task<HashSet<ArtifactKey>> Referenced(HashSet<string>? experiments, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await database.Set<ExperimentRunRow>().AsNoTracking().Include(r => r.Run).ToListAsync(cancellationToken);
        var reports = await database.Experiments.AsNoTracking().Where(e => e.ReportHash != null).Select(e => new { e.Id, e.ReportHash })
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Where(r => experiments?.Contains(r.ExperimentId) ?? true).Select(r => r.Run).DistinctBy(r => r.Id)
            .SelectMany(ArtifactsOf),
            .. reports.Where(e => experiments?.Contains(e.Id) ?? true).Select(e => new ArtifactKey(ArtifactKind.Report, e.ReportHash!)),
        ];
    }

    private static IEnumerable<ArtifactKey> ArtifactsOf(RunRow row)
    {
        RunSpec run;
        try
        {
            run = JsonSerializer.Deserialize<RunSpec>(row.Spec, ContractJson.Compact)!;
        }
        catch (JsonException error)
        {
            throw new RetentionException(
                $"Run {row.Id}: expected its settings as this version writes them, found others ({error.Message}). Nothing was removed; "
                + "forget its experiment with the version that made it, or remove the whole folder or database.");
        }
        IEnumerable<ArtifactKey> given = ArtifactKeys.Rationales(run) is { } rationales
            ? [ArtifactKeys.Dataset(run.Dataset), rationales] : [ArtifactKeys.Dataset(run.Dataset)];
        return given.Concat(RunStatus.StagesOf(run).Select(stage => RunStatus.ArtifactOf(run, stage)));
    }

    private async Task Forget(HashSet<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return;
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await using var change = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.Set<ExperimentRunRow>().Where(r => ids.Contains(r.ExperimentId)).ExecuteDeleteAsync(cancellationToken);
        await database.Experiments.Where(e => ids.Contains(e.Id)).ExecuteDeleteAsync(cancellationToken);
        // A run may belong to several experiments.
        var referred = database.Set<ExperimentRunRow>().Select(r => r.RunId);
        await database.Stages.Where(s => !referred.Contains(s.RunId)).ExecuteDeleteAsync(cancellationToken);
        await database.Runs.Where(r => !referred.Contains(r.Id)).ExecuteDeleteAsync(cancellationToken);
        await change.CommitAsync(cancellationToken);
    }
}
