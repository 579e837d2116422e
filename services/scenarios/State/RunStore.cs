using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TsVlm.Contracts;

namespace TsVlm.Scenarios;

/// <summary>Reads and changes the run state. Every change is one transaction, so a process that dies leaves no half of one.</summary>
public sealed class RunStore(IDbContextFactory<RunDatabase> databases, TimeProvider clock)
{
    /// <summary>Makes the tables where there are none.</summary>
    public async Task Open(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Database.EnsureCreatedAsync(cancellationToken);
    }

    /// <summary>Records an experiment; asking again adds nothing, and gives failed runs another chance.</summary>
    public async Task Submit(string experimentId, IReadOnlyList<RunSpec> runs, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var ids = runs.Select(run => run.Id).ToHashSet();
        var known = await database.Runs.Include(r => r.Stages).Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, cancellationToken);
        foreach (var run in runs)
        {
            if (known.TryGetValue(run.Id, out var row)) Revive(row, run);
            else database.Runs.Add(NewRun(run));
        }
        if (await database.Experiments.FindAsync([experimentId], cancellationToken) is { } experiment)
        {
            experiment.IsActive = true;
        }
        else
        {
            database.Experiments.Add(new ExperimentRow
            {
                Id = experimentId,
                CreatedUtc = clock.GetUtcNow().UtcDateTime,
                Runs = [.. runs.Select((run, i) => new ExperimentRunRow { ExperimentId = experimentId, RunId = run.Id, Position = i })],
            });
        }
        await database.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Lets every stage wait whose command was sent, whatever its experiment: to be called where sent commands are lost.</summary>
    public async Task TakeBackSent(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Stages.Where(s => s.Status == StageStatus.Sent).ExecuteUpdateAsync(s => s.SetProperty(x => x.Status, StageStatus.Waiting), cancellationToken);
    }

    /// <summary>Lets every experiment wait until it is asked for again.</summary>
    public async Task Suspend(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Experiments.ExecuteUpdateAsync(e => e.SetProperty(x => x.IsActive, false), cancellationToken);
    }

    /// <summary>The runs of an experiment, in order.</summary>
    public async Task<IReadOnlyList<RunStatus>> Runs(string experimentId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await database.Set<ExperimentRunRow>().AsNoTracking().Include(r => r.Run.Stages)
            .Where(r => r.ExperimentId == experimentId).OrderBy(r => r.Position).ToListAsync(cancellationToken);
        return [.. rows.Select(row => StatusOf(row.Run))];
    }

    /// <summary>Every run of an active experiment that has not ended, oldest experiment first.</summary>
    public async Task<IReadOnlyList<RunStatus>> OpenRuns(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await database.Set<ExperimentRunRow>().AsNoTracking()
            .Join(database.Experiments.Where(e => e.IsActive), r => r.ExperimentId, e => e.Id, (r, e) => new { r.RunId, r.Position, e.CreatedUtc })
            .OrderBy(r => r.CreatedUtc).ThenBy(r => r.Position).Select(r => r.RunId).ToListAsync(cancellationToken);
        var order = rows.Distinct().Select((id, i) => (id, i)).ToDictionary(x => x.id, x => x.i);
        var open = await database.Runs.AsNoTracking().Include(r => r.Stages)
            .Where(r => r.Stages.Any(s => s.Status != StageStatus.Done)).ToListAsync(cancellationToken);
        return [.. open.Where(r => order.ContainsKey(r.Id)).OrderBy(r => order[r.Id]).Select(StatusOf).Where(r => !r.Ended)];
    }

    /// <summary>Records that a stage's command goes out now.</summary>
    public Task MarkSent(string runId, Stage stage, CancellationToken cancellationToken) =>
        Change(runId, stage, row => (row.Status, row.Attempts, row.Reason) = (StageStatus.Sent, row.Attempts + 1, null), cancellationToken);

    /// <summary>Records that a stage's artifact is in the store.</summary>
    public Task MarkDone(string runId, Stage stage, CancellationToken cancellationToken) =>
        Change(runId, stage, row => (row.Status, row.Reason) = (StageStatus.Done, null), cancellationToken);

    /// <summary>Records that a stage is to be sent again.</summary>
    public Task MarkWaiting(string runId, Stage stage, CancellationToken cancellationToken) =>
        Change(runId, stage, row => row.Status = StageStatus.Waiting, cancellationToken);

    /// <summary>Records that a stage ended in an error; one that is done stays done.</summary>
    public Task MarkFailed(string runId, Stage stage, string reason, CancellationToken cancellationToken) => Change(runId, stage, row =>
    {
        if (row.Status is not StageStatus.Done) (row.Status, row.Reason) = (StageStatus.Failed, reason);
    }, cancellationToken);

    private async Task Change(string runId, Stage stage, Action<StageRow> change, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        change(await database.Stages.SingleAsync(s => s.RunId == runId && s.Stage == stage, cancellationToken));
        await database.SaveChangesAsync(cancellationToken);
    }

    private static RunRow NewRun(RunSpec run) => new()
    {
        Id = run.Id,
        Spec = JsonSerializer.Serialize(run, ContractJson.Compact),
        Stages = [.. RunStatus.StagesOf(run).Select(stage => new StageRow { RunId = run.Id, Stage = stage })],
    };

    /// <summary>The same run asked for again: its model may lie elsewhere now, and what failed is tried anew.</summary>
    private static void Revive(RunRow row, RunSpec run)
    {
        row.Spec = JsonSerializer.Serialize(run, ContractJson.Compact);
        foreach (var stage in row.Stages.Where(s => s.Status is StageStatus.Failed)) (stage.Status, stage.Reason) = (StageStatus.Waiting, null);
    }

    private static RunStatus StatusOf(RunRow row) => new(
        JsonSerializer.Deserialize<RunSpec>(row.Spec, ContractJson.Compact)!,
        [.. row.Stages.OrderBy(s => s.Stage).Select(s => new StageState(s.Stage, s.Status, s.Attempts, s.Reason))]);
}
