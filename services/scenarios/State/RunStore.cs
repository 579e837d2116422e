using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TsVlm.Contracts;
using TsVlm.Telemetry;

namespace TsVlm.Scenarios.State;

/// <summary>What is recorded of an experiment beside its runs.</summary>
/// <param name="Title">Name of its grid.</param>
/// <param name="CommandLine">What asked for it.</param>
/// <param name="Settings">The settings in force.</param>
public sealed record ExperimentFacts(string Title, string CommandLine, IReadOnlyList<ReportSetting> Settings)
{
    /// <summary>Nothing is known of it.</summary>
    public static ExperimentFacts None { get; } = new("", "", []);
}

/// <summary>
/// Reads and changes what is known of experiments. Every change is one transaction, so a process that dies leaves no half of one; of two
/// processes that change the same row the second looks again.
/// </summary>
public sealed class RunStore(IDbContextFactory<RunDatabase> databases, TimeProvider clock)
{
    private const int MaxTurns = 50;

    /// <summary>Whether the tables are known to be there: a service is not ready before.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Creates the tables where there are none.</summary>
    /// <exception cref="RunStateException">The database holds a run state of another version.</exception>
    public async Task Open(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await RunSchema.Create(database, cancellationToken);
        IsOpen = true;
    }

    /// <summary>Records an experiment; asking again adds nothing, and gives runs that failed or were cancelled another chance.</summary>
    public Task Submit(string experimentId, IReadOnlyList<RunSpec> runs, CancellationToken cancellationToken) =>
        Submit(experimentId, runs, ExperimentFacts.None, cancellationToken);

    /// <summary>Records an experiment; asking again adds nothing, and gives runs that failed or were cancelled another chance.</summary>
    public async Task Submit(string experimentId, IReadOnlyList<RunSpec> runs, ExperimentFacts facts, CancellationToken cancellationToken)
    {
        var traces = new List<Activity>();
        await Write(database =>
        {
            traces.Clear();   // those of a turn that another process was ahead of
            return Submit(database, experimentId, runs, facts, traces, cancellationToken);
        }, cancellationToken);
        foreach (var root in traces) RunTraces.End(root);
    }

    private async Task Submit(
        RunDatabase database, string experimentId, IReadOnlyList<RunSpec> runs, ExperimentFacts facts, List<Activity> traces,
        CancellationToken cancellationToken)
    {
        var ids = runs.Select(run => run.Id).ToHashSet();
        var known = await database.Runs.Include(r => r.Stages).Where(r => ids.Contains(r.Id))
            .ToDictionaryAsync(r => r.Id, cancellationToken);
        var revived = false;
        foreach (var run in runs)
        {
            if (!known.TryGetValue(run.Id, out var row)) database.Runs.Add(row = NewRun(run));
            else if (Revive(row, run)) revived = true;
            else continue;
            var root = RunTraces.Begin(run, row.Generation);
            row.TraceParent = root?.Id;
            if (root is not null) traces.Add(root);
        }
        if (await database.Experiments.FindAsync([experimentId], cancellationToken) is { } experiment)
        {
            experiment.IsActive = true;
            if (revived || experiment.ReportStatus is StageStatus.Failed or StageStatus.Cancelled)
                (experiment.ReportStatus, experiment.ReportHash, experiment.ReportReason) = (StageStatus.Waiting, null, null);
            experiment.Version++;
        }
        else
        {
            database.Experiments.Add(new ExperimentRow
            {
                Id = experimentId,
                CreatedUtc = clock.GetUtcNow().UtcDateTime,
                Title = facts.Title,
                CommandLine = facts.CommandLine,
                Settings = JsonSerializer.Serialize(facts.Settings, ContractJson.Compact),
                Runs = [.. runs.Select((run, i) => new ExperimentRunRow { ExperimentId = experimentId, RunId = run.Id, Position = i })],
            });
        }
    }

    /// <summary>Lets every stage wait whose command was sent, whatever its experiment: to be called where sent commands are lost.</summary>
    public async Task RequeueSent(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Stages.Where(s => s.Status == StageStatus.Sent).ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Status, StageStatus.Waiting).SetProperty(x => x.Version, x => x.Version + 1), cancellationToken);
    }

    /// <summary>Lets every experiment wait until it is asked for again.</summary>
    public async Task Suspend(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Experiments.ExecuteUpdateAsync(e => e
            .SetProperty(x => x.IsActive, false).SetProperty(x => x.Version, x => x.Version + 1), cancellationToken);
    }

    /// <summary>
    /// What is to be cancelled for an experiment: every run of it that has not ended and that no other active experiment wants. They end
    /// here.
    /// </summary>
    /// <returns>The messages for the workers.</returns>
    public async Task<IReadOnlyList<RunCancelled>> Cancel(string experimentId, CancellationToken cancellationToken)
    {
        List<RunCancelled> cancelled = [];
        await Write(async database =>
        {
            cancelled.Clear();
            var shared = database.Set<ExperimentRunRow>().Join(
                database.Experiments.Where(e => e.IsActive && e.Id != experimentId), r => r.ExperimentId, e => e.Id, (r, _) => r.RunId);
            var rows = await database.Set<ExperimentRunRow>().Include(r => r.Run.Stages)
                .Where(r => r.ExperimentId == experimentId && !shared.Contains(r.RunId)).ToListAsync(cancellationToken);
            foreach (var run in rows.Select(r => r.Run).Where(run => !StatusOf(run).Ended))
            {
                foreach (var stage in run.Stages.Where(s => s.Status is StageStatus.Waiting or StageStatus.Sent))
                    (stage.Status, stage.Version) = (StageStatus.Cancelled, stage.Version + 1);
                cancelled.Add(new(run.Id, run.Generation));
            }
        }, cancellationToken);
        return cancelled;
    }

    /// <summary>The runs of an experiment, in order.</summary>
    public async Task<IReadOnlyList<RunStatus>> Runs(string experimentId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await database.Set<ExperimentRunRow>().AsNoTracking().Include(r => r.Run.Stages)
            .Where(r => r.ExperimentId == experimentId).OrderBy(r => r.Position).ToListAsync(cancellationToken);
        return [.. rows.Select(row => StatusOf(row.Run))];
    }

    /// <summary>Records that the commands of stages go out now, of those that are still as the caller saw them.</summary>
    /// <returns>What is to be sent: not those that another process was first with, and none of a run that was cancelled.</returns>
    public async Task<IReadOnlyList<ReadyStage>> MarkSent(IReadOnlyList<ReadyStage> seen, CancellationToken cancellationToken)
    {
        if (seen.Count == 0) return [];
        List<ReadyStage> marked = [];
        var ids = seen.Select(at => at.Run.Run.Id).ToHashSet();
        await Write(async database =>
        {
            marked.Clear();
            var rows = await database.Stages.Where(s => ids.Contains(s.RunId))
                .ToDictionaryAsync(s => (s.RunId, s.Stage), cancellationToken);
            foreach (var at in seen)
            {
                if (!rows.TryGetValue((at.Run.Run.Id, at.Stage.Stage), out var row)
                    || (row.Status, row.Attempts) != (at.Stage.Status, at.Stage.Attempts)) continue;
                if (row.Status is StageStatus.Waiting) (row.Reason, row.Worker) = (null, null);
                (row.Status, row.Attempts, row.LastHeartbeatUtc) = (StageStatus.Sent, row.Attempts + 1, Now);
                (row.SavedWhenSent, row.Version) = (row.Saved, row.Version + 1);
                marked.Add(at);
            }
        }, cancellationToken);
        return marked;
    }

    /// <summary>Records a worker's heartbeat. An attempt counts once, however many heartbeats arrive.</summary>
    /// <returns>False when the stage is not to be worked on.</returns>
    public async Task<bool> RecordHeartbeat(StageHeartbeat heartbeat, CancellationToken cancellationToken)
    {
        var isWanted = true;
        await Change(heartbeat.RunId, heartbeat.Stage, row =>
        {
            isWanted = row.Status is not StageStatus.Cancelled;
            if (row.Status is not StageStatus.Sent) return false;
            if (row.Attempt != heartbeat.Attempt && heartbeat.IsRepeated) row.Attempts++;
            (row.Attempt, row.Worker, row.LastHeartbeatUtc, row.Saved) =
                (heartbeat.Attempt, heartbeat.Worker, Now, Math.Max(row.Saved, heartbeat.Saved));
            return true;
        }, cancellationToken);
        return isWanted;
    }

    /// <summary>Records what went wrong in an attempt that is followed by another.</summary>
    public Task RecordFailedAttempt(string runId, Stage stage, string reason, CancellationToken cancellationToken) =>
        Change(runId, stage, row =>
    {
        if (row.Status is not StageStatus.Sent) return false;
        (row.Reason, row.LastHeartbeatUtc) = (reason, Now);
        return true;
    }, cancellationToken);

    /// <summary>Records that a stage's artifact is in the store, and who ended the stage where that is known.</summary>
    public async Task MarkDone(string runId, Stage stage, CancellationToken cancellationToken, string? worker = null)
    {
        // The most frequent change of all: one statement, whatever the row was before.
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Stages.Where(s => s.RunId == runId && s.Stage == stage && s.Status != StageStatus.Done).ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Status, StageStatus.Done).SetProperty(x => x.Reason, (string?)null)
            .SetProperty(x => x.LastHeartbeatUtc, Now)
            .SetProperty(x => x.Worker, x => worker ?? x.Worker).SetProperty(x => x.Version, x => x.Version + 1), cancellationToken);
    }

    /// <summary>Records that a stage is to be sent again.</summary>
    public Task MarkWaiting(string runId, Stage stage, CancellationToken cancellationToken) => Change(runId, stage, row =>
    {
        row.Status = StageStatus.Waiting;
        return true;
    }, cancellationToken);

    /// <summary>
    /// Records that a stage ended in an error; one that is done or cancelled stays so, and a failure of an earlier generation is no news.
    /// </summary>
    public async Task MarkFailed(string runId, Stage stage, string reason, CancellationToken cancellationToken, int? generation = null)
    {
        if (generation is { } of && await GenerationOf(runId, cancellationToken) > of) return;
        await Change(runId, stage, row =>
        {
            if (row.Status is StageStatus.Done or StageStatus.Cancelled or StageStatus.Failed) return false;
            (row.Status, row.Reason) = (StageStatus.Failed, reason);
            return true;
        }, cancellationToken);
    }

    /// <summary>
    /// Lets a stage wait again whose command the broker gave up, if its attempts got further than those before the command was sent.
    /// </summary>
    /// <returns>False when they did not: nothing is gained by sending it again.</returns>
    public Task<bool> RequeueIfProgressed(string runId, Stage stage, CancellationToken cancellationToken) => Change(runId, stage, row =>
    {
        if (row.Status is not StageStatus.Sent || row.Saved <= row.SavedWhenSent) return false;
        row.Status = StageStatus.Waiting;
        return true;
    }, cancellationToken);

    /// <summary>What the run state last heard went wrong in a stage; null for nothing.</summary>
    public async Task<string?> LastFailedAttempt(string runId, Stage stage, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Stages.Where(s => s.RunId == runId && s.Stage == stage).Select(s => s.Reason)
            .SingleOrDefaultAsync(cancellationToken);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    internal async Task<int> GenerationOf(string runId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Runs.Where(r => r.Id == runId).Select(r => r.Generation).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Changes a stage unless the change says there is nothing to change; a stage that is not known is left alone.</summary>
    internal async Task<bool> Change(string runId, Stage stage, Func<StageRow, bool> change, CancellationToken cancellationToken)
    {
        var changed = false;
        await Write(async database =>
        {
            changed = await database.Stages.SingleOrDefaultAsync(s => s.RunId == runId && s.Stage == stage, cancellationToken) is { } row
                && change(row);
            if (changed) database.Stages.Local.Single().Version++;
        }, cancellationToken);
        return changed;
    }

    internal async Task Write(Func<RunDatabase, Task> change, CancellationToken cancellationToken)
    {
        for (var turn = 1; ; turn++)
        {
            await using var database = await databases.CreateDbContextAsync(cancellationToken);
            try
            {
                await change(database);
                if (database.ChangeTracker.HasChanges()) await database.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateException) when (turn < MaxTurns)
            {
                // Another process changed or added the same row first. What it left is looked at again.
                await Task.Delay(Random.Shared.Next(1, 20), cancellationToken);
            }
        }
    }

    private static RunRow NewRun(RunSpec run) => new()
    {
        Id = run.Id,
        Spec = JsonSerializer.Serialize(run, ContractJson.Compact),
        Stages = [.. RunStatus.StagesOf(run)
            .Select(stage => new StageRow { RunId = run.Id, Stage = stage, Artifact = RunStatus.ArtifactOf(run, stage).Path })],
    };

    /// <summary>The same run asked for again: its model may lie elsewhere now, and what failed or was cancelled is tried anew.</summary>
    private static bool Revive(RunRow row, RunSpec run)
    {
        row.Spec = JsonSerializer.Serialize(run, ContractJson.Compact);
        foreach (var stage in row.Stages) stage.Artifact = RunStatus.ArtifactOf(run, stage.Stage).Path;
        var ended = row.Stages.Where(s => s.Status is StageStatus.Failed or StageStatus.Cancelled).ToList();
        foreach (var stage in ended) (stage.Status, stage.Reason, stage.Version) = (StageStatus.Waiting, null, stage.Version + 1);
        if (ended.Count > 0) row.Generation++;
        return ended.Count > 0;
    }

    internal static RunStatus StatusOf(RunRow row) => new(
        JsonSerializer.Deserialize<RunSpec>(row.Spec, ContractJson.Compact)!,
        row.Generation,
        [.. row.Stages.OrderBy(s => s.Stage)
        .Select(s => new StageState(s.Stage, s.Status, s.Attempts, s.Reason) { LastHeartbeatUtc = s.LastHeartbeatUtc, Worker = s.Worker })])
    {
        TraceParent = row.TraceParent,
    };
}
