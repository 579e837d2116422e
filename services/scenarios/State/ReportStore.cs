using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;

namespace TsVlm.Scenarios.State;

/// <summary>Reads and changes how far the reports of experiments are.</summary>
public sealed class ReportStore(IDbContextFactory<RunDatabase> databases, RunTransactions transactions, TimeProvider clock)
{
    /// <summary>
    /// Experiments whose runs have all ended and whose report is to be sent, or was sent before that time without an answer.
    /// </summary>
    public async Task<IReadOnlyList<MissingReport>> Missing(DateTime sentBefore, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var open = database.Runs.Where(StateTables.RunIsOpen);
        return await database.Experiments
            .Where(e => e.Intent != ExperimentIntent.Wait
                && (e.ReportStatus == StageStatus.Waiting || (e.ReportStatus == StageStatus.Sent && e.ReportSentUtc < sentBefore))
                && !e.Runs.Any(r => open.Any(run => run.Id == r.RunId)))
            .OrderBy(e => e.CreatedUtc).Select(e => new MissingReport(e.Id, e.ReportStatus == StageStatus.Sent))
            .ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Records that the report's command goes out now, if every run has ended and no other process has sent it since that time. The command
    /// tells how the runs ended at this generation: a run that goes on meanwhile begins another.
    /// </summary>
    public async Task<ReportExperiment?> TryMarkSent(string experimentId, DateTime sentBefore, CancellationToken cancellationToken)
    {
        ReportExperiment? command = null;
        await transactions.WriteLocked(async database =>
        {
            command = null;
            var of = database.Set<ExperimentRunRow>().Where(r => r.ExperimentId == experimentId).Select(r => r.RunId);
            await RunTransactions.LockShared(database, await of.ToListAsync(cancellationToken), cancellationToken);
            var row = await database.Experiments.SingleAsync(e => e.Id == experimentId, cancellationToken);
            if (row.ReportStatus is StageStatus.Sent && row.ReportSentUtc >= sentBefore) return;
            var runs = await ExperimentStore.Runs(database, experimentId, cancellationToken);
            if (runs.Any(run => !run.Ended) || !Apply(row, ReportChange.Send)) return;
            row.ReportSentUtc = clock.GetUtcNow().UtcDateTime;
            var settings = JsonSerializer.Deserialize<IReadOnlyList<ReportSetting>>(row.Settings, ContractJson.Compact)!;
            command = new(experimentId, new(row.Title, row.CommandLine, settings, [.. runs.Select(run => run.Outcome)]))
            {
                Generation = row.ReportGeneration,
                TraceParents = RunStatus.TraceParentsOf(runs),
            };
        }, cancellationToken);
        return command;
    }

    /// <summary>Records that the report is in the store.</summary>
    public Task MarkReported(ExperimentReported reported, CancellationToken cancellationToken) =>
        Change(reported.ExperimentId, reported.Generation, ReportChange.Complete, row => row.ReportHash = reported.Report.Hash,
            cancellationToken);

    /// <summary>Records that the report was written outside the store, by the command that asked for the experiment.</summary>
    public Task MarkWritten(string experimentId, CancellationToken cancellationToken) =>
        Change(experimentId, generation: null, ReportChange.Complete, row => row.ReportHash = null, cancellationToken);

    /// <summary>Lets reports that were written outside the store be written into it too, where the API can show them.</summary>
    public async Task ReopenWritten(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        // A later command lets every experiment wait, those that have ended too.
        await database.Experiments.Where(e => e.ReportStatus == StageStatus.Done && e.ReportHash == null).ExecuteUpdateAsync(e => e
            .SetProperty(x => x.ReportStatus, StageStatus.Waiting).SetProperty(x => x.ReportGeneration, x => x.ReportGeneration + 1)
            .SetProperty(x => x.Intent, ExperimentIntent.Run).SetProperty(x => x.Version, x => x.Version + 1), cancellationToken);
    }

    /// <summary>Records that the report ended in an error.</summary>
    public Task MarkFailed(string experimentId, int generation, string reason, CancellationToken cancellationToken) =>
        Change(experimentId, generation, ReportChange.Fail, row => row.ReportReason = reason, cancellationToken);

    /// <summary>Changes the report of that generation, or of any; what is heard of another one is no news.</summary>
    private Task Change(string experimentId, int? generation, ReportChange change, Action<ExperimentRow> record,
        CancellationToken cancellationToken) => transactions.Write(async database =>
    {
        if (await database.Experiments.SingleOrDefaultAsync(e => e.Id == experimentId, cancellationToken) is not { } row
            || (generation ?? row.ReportGeneration) != row.ReportGeneration || !Apply(row, change)) return;
        row.ReportReason = null;
        record(row);
    }, cancellationToken);

    private static bool Apply(ExperimentRow row, ReportChange change)
    {
        if (StateTables.After(change, row.ReportStatus) is not { } next) return false;
        row.ReportStatus = next;
        row.Version++;
        return true;
    }
}

/// <summary>A report that is to be sent.</summary>
/// <param name="ExperimentId">Its experiment.</param>
/// <param name="WasSent">Whether it was sent before, and nothing was heard of it.</param>
public sealed record MissingReport(string ExperimentId, bool WasSent);
