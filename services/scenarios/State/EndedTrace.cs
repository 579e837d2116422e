using Microsoft.EntityFrameworkCore;
using TsVlm.Telemetry;

namespace TsVlm.Scenarios.State;

/// <summary>The trace of a run that has ended, whose root is still to be written.</summary>
/// <param name="Run">How the run ended.</param>
/// <param name="StartedUtc">When it was asked for.</param>
internal sealed record EndedTrace(RunStatus Run, DateTime StartedUtc)
{
    /// <summary>Takes the traces of the runs that have ended. Each trace is taken once only.</summary>
    /// <remarks>
    /// Where several runs are given, the transaction has them locked. A process that ends before it writes the roots leaves traces without
    /// one, as it does with its own open spans.
    /// </remarks>
    public static async Task<IReadOnlyList<EndedTrace>> Take(
        RunDatabase database, IReadOnlyCollection<string> runIds, CancellationToken cancellationToken)
    {
        if (!RunTraces.AreWanted || runIds.Count == 0) return [];
        var rows = await database.Runs.AsNoTracking().Include(r => r.Stages)
            .Where(r => runIds.Contains(r.Id) && r.TraceStartedUtc != null && r.TraceParent != null).ToListAsync(cancellationToken);
        var ended = rows.Where(row => StateTables.Of(row.Stages.Select(s => s.Status)) is not RunState.Open)
            .Select(row => new EndedTrace(RunStatus.Of(row), row.TraceStartedUtc!.Value)).ToList();
        if (ended.Count == 0) return [];
        var ids = ended.Select(trace => trace.Run.Run.Id).ToList();
        var numTaken = await database.Runs.Where(r => ids.Contains(r.Id) && r.TraceStartedUtc != null)
            .ExecuteUpdateAsync(r => r.SetProperty(x => x.TraceStartedUtc, (DateTime?)null), cancellationToken);
        return numTaken == ended.Count ? ended : [];
    }

    /// <summary>Writes the roots.</summary>
    public static void Write(IReadOnlyList<EndedTrace> traces, TimeProvider clock)
    {
        foreach (var (run, startedUtc) in traces)
        {
            var outcome = StateTables.Of(run.Stages.Select(s => s.Status));
            RunTraces.WriteRoot(run.Run, run.Generation, run.TraceParent!, DateTime.SpecifyKind(startedUtc, DateTimeKind.Utc),
                clock.GetUtcNow(), NameOf(outcome), outcome is RunState.Failed ? run.Failed?.Reason ?? "failed" : null);
        }
    }

    private static string NameOf(RunState state) => state switch
    {
        RunState.Failed => "failed",
        RunState.Cancelled => "cancelled",
        _ => "done",
    };
}
