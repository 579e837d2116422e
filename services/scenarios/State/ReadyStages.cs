using Microsoft.EntityFrameworkCore;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;

namespace TsVlm.Scenarios.State;

/// <summary>A stage of a run that a command may be sent for.</summary>
/// <param name="Run">The run.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Artifact">What it makes.</param>
/// <param name="IsMade">Whether another run has that artifact already, so that this stage has nothing to make.</param>
public sealed record ReadyStage(RunStatus Run, StageState Stage, ArtifactKey Artifact, bool IsMade);

/// <summary>Which stages a command is to be sent for. The database is asked for these alone, however many runs are open.</summary>
public sealed class ReadyStages(IDbContextFactory<RunDatabase> databases)
{
    /// <summary>Number of stages of wanted experiments that are sent and not yet answered.</summary>
    public async Task<int> NumUnderWay(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await Active(database, StageStatus.Sent).CountAsync(cancellationToken);
    }

    /// <summary>
    /// Stages that wait and whose earlier stages are done, oldest experiment first. Of runs that share an artifact that is being made,
    /// none.
    /// </summary>
    public async Task<IReadOnlyList<ReadyStage>> Next(int max, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var stages = database.Stages;
        var waiting = stages.Where(s => s.Status == StageStatus.Waiting)
            .Where(s => !stages.Any(o => o.RunId == s.RunId && (o.Status == StageStatus.Failed || o.Status == StageStatus.Cancelled
                || (o.Status != StageStatus.Done
                    && ((o.Stage == Stage.Datagen && s.Stage != Stage.Datagen)
                        || (o.Stage == Stage.Training && s.Stage == Stage.Evaluation))))))
            .Where(s => !stages.Any(o => o.Artifact == s.Artifact && o.Status == StageStatus.Sent)
                || stages.Any(o => o.Artifact == s.Artifact && o.Status == StageStatus.Done));
        var found = await database.Set<ExperimentRunRow>()
            .Join(database.Experiments.Where(e => e.Intent == ExperimentIntent.Run), r => r.ExperimentId, e => e.Id,
                (r, e) => new { r.RunId, r.Position, e.CreatedUtc })
            .Join(waiting, p => p.RunId, s => s.RunId, (p, s) => new
            {
                p.CreatedUtc,
                p.Position,
                s.RunId,
                s.Stage,
                IsMade = stages.Any(o => o.Artifact == s.Artifact && o.Status == StageStatus.Done),
            })
            .OrderBy(at => at.CreatedUtc).ThenBy(at => at.Position).Take(max).ToListAsync(cancellationToken);
        // A run may belong to several experiments.
        return await Load(database, [.. found.DistinctBy(at => at.RunId).Select(at => (at.RunId, at.Stage, at.IsMade))], cancellationToken);
    }

    /// <summary>Stages that were sent and sent no heartbeat since that time.</summary>
    public async Task<IReadOnlyList<ReadyStage>> Silent(DateTime heardBefore, int max, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var found = await Active(database, StageStatus.Sent).Where(s => s.LastHeartbeatUtc == null || s.LastHeartbeatUtc < heardBefore)
            .OrderBy(s => s.LastHeartbeatUtc).Take(max).Select(s => new { s.RunId, s.Stage }).ToListAsync(cancellationToken);
        return await Load(database, [.. found.Select(at => (at.RunId, at.Stage, false))], cancellationToken);
    }

    private static IQueryable<StageRow> Active(RunDatabase database, StageStatus status) => database.Stages.Where(s => s.Status == status
        && database.Set<ExperimentRunRow>()
        .Any(r => r.RunId == s.RunId && database.Experiments.Any(e => e.Id == r.ExperimentId && e.Intent == ExperimentIntent.Run)));

    private static async Task<IReadOnlyList<ReadyStage>> Load(
        RunDatabase database, IReadOnlyList<(string RunId, Stage Stage, bool IsMade)> found, CancellationToken cancellationToken)
    {
        if (found.Count == 0) return [];
        var ids = found.Select(at => at.RunId).ToHashSet();
        var rows = await database.Runs.AsNoTracking().Include(r => r.Stages).Where(r => ids.Contains(r.Id))
            .ToDictionaryAsync(r => r.Id, RunStatus.Of, cancellationToken);
        return [.. found.Select(at => (At: at, Run: rows[at.RunId])).Select(x =>
            new ReadyStage(x.Run, x.Run.Stages.Single(s => s.Stage == x.At.Stage), RunStatus.ArtifactOf(x.Run.Run, x.At.Stage),
                x.At.IsMade))];
    }
}
