using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TsVlm.Contracts;

namespace TsVlm.Scenarios.State;

/// <summary>How far an experiment and its report are.</summary>
/// <param name="Id">The experiment.</param>
/// <param name="Facts">What asked for it.</param>
/// <param name="Report">How far its report is.</param>
/// <param name="ReportHash">Hash of the report's key, once it is done.</param>
/// <param name="ReportReason">Why the report failed.</param>
public sealed record ExperimentState(string Id, ExperimentFacts Facts, StageStatus Report, string? ReportHash, string? ReportReason);

/// <summary>Reads and changes how far the reports of experiments are.</summary>
public sealed class ReportStore(IDbContextFactory<RunDatabase> databases, RunStore runs, TimeProvider clock)
{
    /// <summary>The experiment, or null.</summary>
    public async Task<ExperimentState?> Find(string experimentId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var row = await database.Experiments.AsNoTracking().SingleOrDefaultAsync(e => e.Id == experimentId, cancellationToken);
        return row is null ? null : new(row.Id, FactsOf(row), row.ReportStatus, row.ReportHash, row.ReportReason);
    }

    /// <summary>
    /// Active experiments whose runs have all ended and whose report is to be sent, or was sent before that time without an answer.
    /// </summary>
    public async Task<IReadOnlyList<string>> Missing(DateTime sentBefore, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var candidates = await database.Experiments.AsNoTracking()
            .Where(e => e.IsActive
                && (e.ReportStatus == StageStatus.Waiting || (e.ReportStatus == StageStatus.Sent && e.ReportSentUtc < sentBefore)))
            .Where(e => !e.Runs.Any(r => r.Run.Stages.Any(s => s.Status == StageStatus.Waiting || s.Status == StageStatus.Sent)
                && !r.Run.Stages.Any(s => s.Status == StageStatus.Failed || s.Status == StageStatus.Cancelled)))
            .OrderBy(e => e.CreatedUtc).Select(e => e.Id).ToListAsync(cancellationToken);
        return candidates;
    }

    /// <summary>Records that the report's command goes out now, if no other process has sent it since that time.</summary>
    public async Task<ReportExperiment?> TryMarkSent(string experimentId, DateTime sentBefore, CancellationToken cancellationToken)
    {
        ExperimentFacts? facts = null;
        await runs.Write(async database =>
        {
            facts = null;
            var row = await database.Experiments.SingleAsync(e => e.Id == experimentId, cancellationToken);
            if (row.ReportStatus is not StageStatus.Waiting && !(row.ReportStatus is StageStatus.Sent && row.ReportSentUtc < sentBefore))
                return;
            (row.ReportStatus, row.ReportSentUtc, row.Version) = (StageStatus.Sent, clock.GetUtcNow().UtcDateTime, row.Version + 1);
            facts = FactsOf(row);
        }, cancellationToken);
        if (facts is null) return null;
        var outcomes = await runs.Runs(experimentId, cancellationToken);
        return new(experimentId, new(facts.Title, facts.CommandLine, facts.Settings, [.. outcomes.Select(run => run.Outcome)]))
        {
            TraceParents = RunStatus.TraceParentsOf(outcomes),
        };
    }

    /// <summary>Records that the report is in the store.</summary>
    public Task MarkReported(string experimentId, string hash, CancellationToken cancellationToken) =>
        Change(experimentId, row => (row.ReportStatus, row.ReportHash, row.ReportReason) = (StageStatus.Done, hash, null),
            cancellationToken);

    /// <summary>Records that the report was written outside the store, by the command that asked for the experiment.</summary>
    public Task MarkWritten(string experimentId, CancellationToken cancellationToken) => runs.Write(async database =>
    {
        if (await database.Experiments.SingleOrDefaultAsync(e => e.Id == experimentId, cancellationToken) is not { } row) return;
        (row.ReportStatus, row.ReportReason, row.Version) = (StageStatus.Done, null, row.Version + 1);
    }, cancellationToken);

    /// <summary>Records that the report is to be sent again once every run has ended.</summary>
    public Task MarkWaiting(string experimentId, CancellationToken cancellationToken) =>
        Change(experimentId, row => row.ReportStatus = StageStatus.Waiting, cancellationToken);

    /// <summary>Records that the report ended in an error; one that is done stays done.</summary>
    public Task MarkFailed(string experimentId, string reason, CancellationToken cancellationToken) => Change(experimentId, row =>
    {
        if (row.ReportStatus is not StageStatus.Done) (row.ReportStatus, row.ReportReason) = (StageStatus.Failed, reason);
    }, cancellationToken);

    private Task Change(string experimentId, Action<ExperimentRow> change, CancellationToken cancellationToken) =>
        runs.Write(async database =>
    {
        if (await database.Experiments.SingleOrDefaultAsync(e => e.Id == experimentId,
            cancellationToken) is not { ReportStatus: StageStatus.Sent } row) return;
        change(row);
        row.Version++;
    }, cancellationToken);

    private static ExperimentFacts FactsOf(ExperimentRow row) =>
        new(row.Title, row.CommandLine, JsonSerializer.Deserialize<IReadOnlyList<ReportSetting>>(row.Settings, ContractJson.Compact)!);
}
