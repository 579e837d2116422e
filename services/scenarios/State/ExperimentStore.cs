using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
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

/// <summary>Records which experiments are wanted and what they are made of.</summary>
public sealed class ExperimentStore(IDbContextFactory<RunDatabase> databases, RunTransactions transactions, TimeProvider clock)
{
    /// <summary>Records an experiment; asking again adds nothing, and gives runs that failed or were cancelled another chance.</summary>
    public Task Submit(string experimentId, IReadOnlyList<RunSpec> runs, CancellationToken cancellationToken) =>
        Submit(experimentId, runs, ExperimentFacts.None, cancellationToken);

    /// <summary>Records an experiment; asking again adds nothing, and gives runs that failed or were cancelled another chance.</summary>
    public Task Submit(string experimentId, IReadOnlyList<RunSpec> runs, ExperimentFacts facts, CancellationToken cancellationToken) =>
        WriteTraced(async (database, traces) =>
        {
            var ids = runs.Select(run => run.Id).ToHashSet();
            await LockWanted(database, ids, cancellationToken);
            var known = await database.Runs.Include(r => r.Stages).Where(r => ids.Contains(r.Id))
                .ToDictionaryAsync(r => r.Id, cancellationToken);
            foreach (var run in runs.Where(run => known.ContainsKey(run.Id))) Relocate(known[run.Id], run);
            await Revive(database, [.. known.Values], traces, cancellationToken);
            foreach (var run in runs.Where(run => !known.ContainsKey(run.Id)))
                database.Runs.Add(Traced(NewRun(run), run, traces));
            if (await database.Experiments.FindAsync([experimentId], cancellationToken) is { } experiment) Resume(experiment);
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
        }, cancellationToken);

    /// <summary>Lets the failed and cancelled runs of an experiment run again, and its report be written if that failed.</summary>
    /// <returns>Number of runs that run again; null where there is no such experiment.</returns>
    public async Task<int?> Retry(string experimentId, CancellationToken cancellationToken)
    {
        int? numRevived = null;
        await WriteTraced(async (database, traces) =>
        {
            numRevived = null;
            if (!await database.Experiments.AnyAsync(e => e.Id == experimentId, cancellationToken)) return;
            var ids = await database.Set<ExperimentRunRow>().Where(r => r.ExperimentId == experimentId).Select(r => r.RunId)
                .ToListAsync(cancellationToken);
            var over = await LockWanted(database, ids, cancellationToken);
            var ended = await database.Runs.Include(r => r.Stages).Where(r => over.Contains(r.Id)).ToListAsync(cancellationToken);
            numRevived = await Revive(database, ended, traces, cancellationToken);
            Resume(await database.Experiments.SingleAsync(e => e.Id == experimentId, cancellationToken));
        }, cancellationToken);
        return numRevived;
    }

    /// <summary>Lets every experiment wait until it is asked for again.</summary>
    public async Task Suspend(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Experiments.ExecuteUpdateAsync(e => e
            .SetProperty(x => x.Intent, ExperimentIntent.Wait).SetProperty(x => x.Version, x => x.Version + 1), cancellationToken);
    }

    /// <summary>Records that an experiment is to be cancelled; <see cref="CancelUnwanted"/> does so.</summary>
    /// <returns>False where there is no such experiment.</returns>
    public async Task<bool> RequestCancel(string experimentId, CancellationToken cancellationToken)
    {
        var isKnown = false;
        await transactions.Write(async database =>
        {
            var experiment = await database.Experiments.FindAsync([experimentId], cancellationToken);
            isKnown = experiment is not null;
            if (experiment is null or { Intent: ExperimentIntent.Cancel }) return;
            experiment.Intent = ExperimentIntent.Cancel;
            experiment.Version++;
        }, cancellationToken);
        return isKnown;
    }

    /// <summary>Ends some open runs of cancelled experiments that no other experiment wants.</summary>
    /// <param name="max">Runs at most.</param>
    /// <param name="experimentId">The experiment; null for all that are cancelled.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The runs that ended here, and whether more may be left.</returns>
    public async Task<(IReadOnlyList<CancelledRun> Cancelled, bool HasMore)> CancelUnwanted(
        int max, string? experimentId, CancellationToken cancellationToken)
    {
        var seen = await Unwanted(experimentId, max, cancellationToken);
        if (seen.Count == 0) return ([], false);
        List<CancelledRun> cancelled = [];
        IReadOnlyList<EndedTrace> traces = [];
        await transactions.WriteLocked(async database =>
        {
            await RunTransactions.Lock(database, seen, cancellationToken);
            // One may be wanted, or have ended, since it was seen.
            cancelled = await Unwanted(database, experimentId).Where(r => seen.Contains(r.Id))
                .Select(r => new CancelledRun(r.Id, r.Generation, r.Stages.Any(s => s.Status == StageStatus.Sent)))
                .ToListAsync(cancellationToken);
            var (ids, changed) = (cancelled.Select(run => run.RunId).ToList(), StateTables.ChangedBy(StageChange.Cancel));
            await database.Stages.Where(s => ids.Contains(s.RunId) && changed.Contains(s.Status)).ExecuteUpdateAsync(s => s
                .SetProperty(x => x.Status, StageStatus.Cancelled).SetProperty(x => x.Version, x => x.Version + 1), cancellationToken);
            traces = await EndedTrace.Take(database, ids, cancellationToken);
        }, cancellationToken);
        EndedTrace.Write(traces, clock);
        return (cancelled, seen.Count == max);
    }

    private async Task<IReadOnlyList<string>> Unwanted(string? experimentId, int max, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        // Asked first, as it is quick and mostly none.
        if (!await Cancelling(database, experimentId).AnyAsync(cancellationToken)) return [];
        return await Unwanted(database, experimentId).OrderBy(r => r.Id).Take(max).Select(r => r.Id).ToListAsync(cancellationToken);
    }

    private static IQueryable<RunRow> Unwanted(RunDatabase database, string? experimentId)
    {
        var of = database.Set<ExperimentRunRow>();
        var given = of.Where(r => Cancelling(database, experimentId).Any(e => e.Id == r.ExperimentId)).Select(r => r.RunId);
        var wanted = of.Where(r => database.Experiments.Any(e => e.Id == r.ExperimentId && e.Intent == ExperimentIntent.Run))
            .Select(r => r.RunId);
        return database.Runs.Where(StateTables.RunIsOpen).Where(r => given.Contains(r.Id) && !wanted.Contains(r.Id));
    }

    /// <summary>Cancelled experiments that may have open runs: while one is open, the report waits.</summary>
    private static IQueryable<ExperimentRow> Cancelling(RunDatabase database, string? experimentId) => database.Experiments.Where(e =>
        e.Intent == ExperimentIntent.Cancel && e.ReportStatus == StageStatus.Waiting && (experimentId == null || e.Id == experimentId));

    /// <summary>The runs of an experiment, in order.</summary>
    public async Task<IReadOnlyList<RunStatus>> Runs(string experimentId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await Runs(database, experimentId, cancellationToken);
    }

    internal static async Task<IReadOnlyList<RunStatus>> Runs(
        RunDatabase database, string experimentId, CancellationToken cancellationToken)
    {
        var rows = await database.Set<ExperimentRunRow>().AsNoTracking().Include(r => r.Run.Stages)
            .Where(r => r.ExperimentId == experimentId).OrderBy(r => r.Position).ToListAsync(cancellationToken);
        return [.. rows.Select(row => RunStatus.Of(row.Run))];
    }

    /// <summary>
    /// What reports say of these runs is no longer how they ended: each is to be written again once all its runs have ended.
    /// </summary>
    /// <remarks>
    /// To be called before one of these experiments is read, in the transaction that reopens the runs and has locked them. A report that
    /// still waits is left alone: it is sent by a transaction that locks its runs too.
    /// </remarks>
    internal static async Task ReopenReports(RunDatabase database, IReadOnlyCollection<string> runIds, CancellationToken cancellationToken)
    {
        if (runIds.Count == 0) return;
        var experiments = await database.Experiments
            .Where(e => e.ReportStatus != StageStatus.Waiting && e.Runs.Any(r => runIds.Contains(r.RunId))).Select(e => e.Id)
            .ToListAsync(cancellationToken);
        await RunTransactions.LockExperiments(database, experiments, cancellationToken);
        await database.Experiments.Where(e => experiments.Contains(e.Id)).ExecuteUpdateAsync(e => e
            .SetProperty(x => x.ReportStatus, StageStatus.Waiting).SetProperty(x => x.ReportHash, (string?)null)
            .SetProperty(x => x.ReportReason, (string?)null).SetProperty(x => x.ReportGeneration, x => x.ReportGeneration + 1)
            .SetProperty(x => x.Version, x => x.Version + 1), cancellationToken);
    }

    private static void Resume(ExperimentRow experiment)
    {
        if (experiment.ReportStatus is StageStatus.Failed)
        {
            experiment.ReportStatus = StageStatus.Waiting;
            experiment.ReportReason = null;
            experiment.ReportGeneration++;
        }
        experiment.Intent = ExperimentIntent.Run;
        experiment.Version++;
    }

    /// <summary>
    /// Locks runs that an experiment wants: those that failed or were cancelled, which it revives, from everyone, the others only from being
    /// cancelled or reported meanwhile, so that experiments which share runs do not wait for each other.
    /// </summary>
    /// <returns>Those that failed or were cancelled.</returns>
    private static async Task<IReadOnlyList<string>> LockWanted(
        RunDatabase database, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var over = database.Runs.Where(r => ids.Contains(r.Id)
            && r.Stages.Any(s => s.Status == StageStatus.Failed || s.Status == StageStatus.Cancelled)).Select(r => r.Id);
        var seen = await over.ToListAsync(cancellationToken);
        await RunTransactions.Lock(database, seen, cancellationToken);
        await RunTransactions.LockShared(database, [.. ids.Except(seen)], cancellationToken);
        var locked = await over.ToListAsync(cancellationToken);
        return locked.ToHashSet().SetEquals(seen) ? locked
            : throw new DbUpdateConcurrencyException("A run failed, was cancelled or was revived before it was locked.");
    }

    /// <summary>Lets the runs among these that failed or were cancelled run again, in a trace of their own.</summary>
    private static async Task<int> Revive(RunDatabase database, IReadOnlyList<RunRow> runs, List<RunSubmission> traces,
        CancellationToken cancellationToken)
    {
        var ended = runs.Where(run => StateTables.Of(run.Stages.Select(s => s.Status)) is RunState.Failed or RunState.Cancelled).ToList();
        foreach (var run in ended)
        {
            run.Generation++;
            foreach (var stage in run.Stages)
            {
                if (StateTables.After(StageChange.Revive, stage.Status) is { } next) (stage.Status, stage.Reason) = (next, null);
                stage.Version++;   // a writer that has read the earlier generation reads again
            }
            Traced(run, RunStatus.SpecOf(run), traces);
        }
        await ReopenReports(database, [.. ended.Select(run => run.Id)], cancellationToken);
        return ended.Count;
    }

    /// <summary>The model of the same run may lie elsewhere now.</summary>
    private static void Relocate(RunRow row, RunSpec run)
    {
        row.Spec = JsonSerializer.Serialize(run, ContractJson.Compact);
        foreach (var stage in row.Stages) stage.Artifact = RunStatus.ArtifactOf(run, stage.Stage).Path;
    }

    private static RunRow NewRun(RunSpec run) => new()
    {
        Id = run.Id,
        Spec = JsonSerializer.Serialize(run, ContractJson.Compact),
        Stages = [.. RunStatus.StagesOf(run)
            .Select(stage => new StageRow { RunId = run.Id, Stage = stage, Artifact = RunStatus.ArtifactOf(run, stage).Path })],
    };

    private static RunRow Traced(RunRow row, RunSpec run, List<RunSubmission> traces)
    {
        var trace = RunTraces.Begin(run, row.Generation);
        row.TraceParent = trace?.TraceParent;
        row.TraceStartedUtc = trace?.StartedUtc;
        if (trace is not null) traces.Add(trace);
        return row;
    }

    private async Task WriteTraced(Func<RunDatabase, List<RunSubmission>, Task> change, CancellationToken cancellationToken)
    {
        var traces = new List<RunSubmission>();
        await transactions.WriteLocked(database =>
        {
            traces.Clear();   // those of a turn that another process was ahead of
            return change(database, traces);
        }, cancellationToken);
        foreach (var trace in traces) trace.End();
    }
}

/// <summary>A run that ended by a cancellation.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Generation">How often it had been asked for anew.</param>
/// <param name="WasSent">Whether a worker may be at it.</param>
public sealed record CancelledRun(string RunId, int Generation, bool WasSent);
