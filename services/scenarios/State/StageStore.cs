using Microsoft.EntityFrameworkCore;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;

namespace TsVlm.Scenarios.State;

/// <summary>Records what happens to stages; <see cref="StateTables"/> says what that changes.</summary>
public sealed class StageStore(IDbContextFactory<RunDatabase> databases, RunTransactions transactions, TimeProvider clock)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Records that the commands of stages go out now, of those that are still as the caller saw them.</summary>
    /// <returns>What is to be sent: not those that another process was first with, and none of a run that was cancelled.</returns>
    public async Task<IReadOnlyList<ReadyStage>> MarkSent(IReadOnlyList<ReadyStage> seen, CancellationToken cancellationToken)
    {
        if (seen.Count == 0) return [];
        List<ReadyStage> marked = [];
        var ids = seen.Select(at => at.Run.Run.Id).ToHashSet();
        await transactions.Write(async database =>
        {
            marked.Clear();
            var rows = await database.Stages.Where(s => ids.Contains(s.RunId))
                .ToDictionaryAsync(s => (s.RunId, s.Stage), cancellationToken);
            foreach (var at in seen)
            {
                if (!rows.TryGetValue((at.Run.Run.Id, at.Stage.Stage), out var row)
                    || (row.Status, row.Attempts) != (at.Stage.Status, at.Stage.Attempts)) continue;
                if (row.Status is StageStatus.Waiting) (row.Reason, row.Worker) = (null, null);
                if (!Apply(row, StageChange.Send)) continue;
                row.Attempts++;
                row.LastHeartbeatUtc = Now;
                row.SavedWhenSent = row.Saved;
                marked.Add(at);
            }
        }, cancellationToken);
        return marked;
    }

    /// <summary>Records a worker's heartbeat. An attempt counts once, however many heartbeats arrive.</summary>
    /// <returns>False when the stage is not to be worked on, or not for that generation of its run.</returns>
    public async Task<bool> RecordHeartbeat(StageHeartbeat heartbeat, CancellationToken cancellationToken)
    {
        var isWanted = true;
        await Change(heartbeat.RunId, heartbeat.Stage, (row, generation) =>
        {
            isWanted = row.Status is not StageStatus.Cancelled && heartbeat.Generation >= generation;
            if (row.Status is not StageStatus.Sent || !isWanted) return false;
            if (row.Attempt != heartbeat.Attempt && heartbeat.IsRepeated) row.Attempts++;
            row.Attempt = heartbeat.Attempt;
            row.Worker = heartbeat.Worker;
            row.LastHeartbeatUtc = Now;
            row.Saved = Math.Max(row.Saved, heartbeat.Saved);
            return true;
        }, cancellationToken);
        return isWanted;
    }

    /// <summary>Records what went wrong in an attempt that is followed by another.</summary>
    public Task RecordFailedAttempt(StageAttemptFailed failure, CancellationToken cancellationToken) =>
        Change(failure.RunId, failure.Stage, (row, generation) =>
        {
            if (row.Status is not StageStatus.Sent || failure.Generation < generation) return false;
            row.Reason = failure.Reason;
            row.LastHeartbeatUtc = Now;
            return true;
        }, cancellationToken);

    /// <summary>Records that a stage's artifact is in the store, and who ended the stage where that is known.</summary>
    public async Task MarkDone(string runId, Stage stage, CancellationToken cancellationToken, string? worker = null)
    {
        // The most frequent change of all: one statement. The artifact is the same whatever generation made it.
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var numChanged = await database.Stages
            .Where(s => s.RunId == runId && s.Stage == stage && (s.Status == StageStatus.Waiting || s.Status == StageStatus.Sent))
            .ExecuteUpdateAsync(s => s
                .SetProperty(x => x.Status, StageStatus.Done).SetProperty(x => x.Reason, (string?)null)
                .SetProperty(x => x.LastHeartbeatUtc, Now)
                .SetProperty(x => x.Worker, x => worker ?? x.Worker).SetProperty(x => x.Version, x => x.Version + 1), cancellationToken);
        if (numChanged == 0) await CompleteFailed(runId, stage, worker, cancellationToken);
        else if (stage is Stage.Evaluation) await EndTrace(database, runId, cancellationToken);
    }

    /// <summary>
    /// An attempt has failed, and another has made the artifact: the run goes on, and reports that state the failure are written again.
    /// </summary>
    private Task CompleteFailed(string runId, Stage stage, string? worker, CancellationToken cancellationToken) =>
        transactions.WriteLocked(async database =>
        {
            await RunTransactions.Lock(database, [runId], cancellationToken);
            var row = await database.Stages.SingleOrDefaultAsync(
                s => s.RunId == runId && s.Stage == stage && s.Status == StageStatus.Failed, cancellationToken);
            if (row is null || !Apply(row, StageChange.Complete)) return;
            row.Reason = null;
            row.LastHeartbeatUtc = Now;
            row.Worker = worker ?? row.Worker;
            await ExperimentStore.ReopenReports(database, [runId], cancellationToken);
        }, cancellationToken);

    /// <summary>Records that a stage ended in an error; a failure of an earlier generation is no news.</summary>
    public async Task MarkFailed(string runId, Stage stage, string reason, CancellationToken cancellationToken, int? generation = null)
    {
        var hasFailed = await Change(runId, stage, (row, current) =>
        {
            if (generation < current || !Apply(row, StageChange.Fail)) return false;
            row.Reason = reason;
            return true;
        }, cancellationToken);
        if (!hasFailed) return;
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await EndTrace(database, runId, cancellationToken);
    }

    /// <summary>
    /// Lets a stage wait again whose input is being made again, unless that has happened too often; what is heard of an earlier generation
    /// is no news.
    /// </summary>
    /// <returns>False when it was tried <paramref name="maxAttempts"/> times.</returns>
    public async Task<bool> Requeue(string runId, Stage stage, int generation, int maxAttempts, CancellationToken cancellationToken)
    {
        var mayWait = true;
        await Change(runId, stage, (row, current) =>
        {
            if (generation < current) return false;
            mayWait = row.Attempts < maxAttempts;
            return mayWait && Apply(row, StageChange.Requeue);
        }, cancellationToken);
        return mayWait;
    }

    /// <summary>
    /// Lets a stage wait again whose command the broker gave up, if its attempts got further than those before the command was sent.
    /// </summary>
    /// <returns>False when they did not: nothing is gained by sending it again.</returns>
    public Task<bool> RequeueIfProgressed(string runId, Stage stage, CancellationToken cancellationToken) =>
        Change(runId, stage, (row, _) => row.Saved > row.SavedWhenSent && Apply(row, StageChange.Requeue), cancellationToken);

    /// <summary>Lets every stage wait whose command was sent, whatever its experiment: to be called where sent commands are lost.</summary>
    public async Task RequeueSent(CancellationToken cancellationToken)
    {
        var changed = StateTables.ChangedBy(StageChange.Requeue);
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Stages.Where(s => changed.Contains(s.Status)).ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Status, StageStatus.Waiting).SetProperty(x => x.Version, x => x.Version + 1), cancellationToken);
    }

    /// <summary>
    /// Lets every stage wait again that made an artifact which is gone from the store; the reports of its runs are to be written again.
    /// </summary>
    /// <returns>False when no stage makes it.</returns>
    public async Task<bool> MarkLost(ArtifactKey artifact, CancellationToken cancellationToken)
    {
        var hasMaker = false;
        await transactions.WriteLocked(async database =>
        {
            var runIds = await database.Stages.Where(s => s.Artifact == artifact.Path).Select(s => s.RunId).ToListAsync(cancellationToken);
            await RunTransactions.Lock(database, runIds, cancellationToken);
            var makers = await database.Stages.Where(s => s.Artifact == artifact.Path).ToListAsync(cancellationToken);
            hasMaker = makers.Count > 0;
            var lost = makers.Where(row => Apply(row, StageChange.Lose)).ToList();
            foreach (var row in lost) row.Reason = "What it made is gone from the store.";
            await ExperimentStore.ReopenReports(database, [.. lost.Select(row => row.RunId)], cancellationToken);
        }, cancellationToken);
        return hasMaker;
    }

    /// <summary>What the run state last heard went wrong in a stage; null for nothing.</summary>
    public async Task<string?> LastFailedAttempt(string runId, Stage stage, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Stages.Where(s => s.RunId == runId && s.Stage == stage).Select(s => s.Reason)
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// Changes a stage, of which the change also hears its run's generation, unless it says that there is nothing to change; a stage that
    /// is not known is left alone.
    /// </summary>
    private async Task<bool> Change(string runId, Stage stage, Func<StageRow, int, bool> change, CancellationToken cancellationToken)
    {
        var changed = false;
        await transactions.Write(async database =>
        {
            var found = await database.Stages.Where(s => s.RunId == runId && s.Stage == stage)
                .Join(database.Runs, s => s.RunId, r => r.Id, (s, r) => new { Row = s, r.Generation })
                .SingleOrDefaultAsync(cancellationToken);
            changed = found is not null && change(found.Row, found.Generation);
            // A change that did not apply may have touched the row all the same.
            if (!changed) database.ChangeTracker.Clear();
            else found!.Row.Version++;
        }, cancellationToken);
        return changed;
    }

    private async Task EndTrace(RunDatabase database, string runId, CancellationToken cancellationToken) =>
        EndedTrace.Write(await EndedTrace.Take(database, [runId], cancellationToken), clock);

    private static bool Apply(StageRow row, StageChange change)
    {
        if (StateTables.After(change, row.Status) is not { } next) return false;
        row.Status = next;
        row.Version++;
        return true;
    }
}
