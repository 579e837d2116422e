using System.Linq.Expressions;
using TsVlm.Contracts.Http;

namespace TsVlm.Scenarios.State;

/// <summary>What happens to a stage.</summary>
public enum StageChange
{
    /// <summary>Its command goes out, for the first time or again.</summary>
    Send,
    /// <summary>Its command was given back, or was lost with its process: it is to be sent again.</summary>
    Requeue,
    /// <summary>Its artifact is in the store.</summary>
    Complete,
    /// <summary>It ended in an error that trying again would not mend.</summary>
    Fail,
    /// <summary>No experiment wants its run any more.</summary>
    Cancel,
    /// <summary>Its run is asked for anew.</summary>
    Revive,
    /// <summary>Its artifact is gone from the store.</summary>
    Lose,
}

/// <summary>What happens to a report.</summary>
public enum ReportChange
{
    /// <summary>Its command goes out, for the first time or again.</summary>
    Send,
    /// <summary>It is in the store, or written by the command that asked for the experiment.</summary>
    Complete,
    /// <summary>It ended in an error that trying again would not mend.</summary>
    Fail,
    /// <summary>A run of its experiment that had ended goes on, so what it says is no longer how the runs ended.</summary>
    Reopen,
}

/// <summary>What is wanted of an experiment.</summary>
public enum ExperimentIntent
{
    /// <summary>Its runs are to be worked on.</summary>
    Run,
    /// <summary>It waits until it is asked for again.</summary>
    Wait,
    /// <summary>Its runs end, but for those that another experiment wants.</summary>
    Cancel,
}

/// <summary>How far a run is; it follows from its stages.</summary>
public enum RunState
{
    /// <summary>A stage is still to be done.</summary>
    Open,
    /// <summary>Every stage is done.</summary>
    Succeeded,
    /// <summary>A stage failed.</summary>
    Failed,
    /// <summary>A stage was cancelled, and none failed.</summary>
    Cancelled,
}

/// <summary>
/// The state machines of stages, runs, reports and experiments. Every change of a status is one of these transitions; whatever else is
/// heard, such as a failure after a cancellation, changes nothing. An ended run stays as it ended until it is revived, loses an artifact, or
/// what failed is completed after all; each reopens the reports of all experiments that it belongs to.
/// </summary>
public static class StateTables
{
    private static readonly (StageChange Change, StageStatus From, StageStatus To)[] Stages =
    [
        (StageChange.Send, StageStatus.Waiting, StageStatus.Sent),
        (StageChange.Send, StageStatus.Sent, StageStatus.Sent),
        (StageChange.Requeue, StageStatus.Sent, StageStatus.Waiting),
        (StageChange.Complete, StageStatus.Waiting, StageStatus.Done),   // by an attempt that was thought lost
        (StageChange.Complete, StageStatus.Sent, StageStatus.Done),
        (StageChange.Complete, StageStatus.Failed, StageStatus.Done),    // by another attempt than the one that failed
        (StageChange.Fail, StageStatus.Waiting, StageStatus.Failed),
        (StageChange.Fail, StageStatus.Sent, StageStatus.Failed),
        (StageChange.Cancel, StageStatus.Waiting, StageStatus.Cancelled),
        (StageChange.Cancel, StageStatus.Sent, StageStatus.Cancelled),
        (StageChange.Revive, StageStatus.Failed, StageStatus.Waiting),
        (StageChange.Revive, StageStatus.Cancelled, StageStatus.Waiting),
        (StageChange.Revive, StageStatus.Sent, StageStatus.Waiting),     // its command is of the generation before
        (StageChange.Lose, StageStatus.Done, StageStatus.Waiting),
    ];

    private static readonly (ReportChange Change, StageStatus From, StageStatus To)[] Reports =
    [
        (ReportChange.Send, StageStatus.Waiting, StageStatus.Sent),
        (ReportChange.Send, StageStatus.Sent, StageStatus.Sent),
        (ReportChange.Complete, StageStatus.Waiting, StageStatus.Done),  // written by the command itself
        (ReportChange.Complete, StageStatus.Sent, StageStatus.Done),
        (ReportChange.Fail, StageStatus.Sent, StageStatus.Failed),
        (ReportChange.Reopen, StageStatus.Waiting, StageStatus.Waiting),
        (ReportChange.Reopen, StageStatus.Sent, StageStatus.Waiting),
        (ReportChange.Reopen, StageStatus.Done, StageStatus.Waiting),
        (ReportChange.Reopen, StageStatus.Failed, StageStatus.Waiting),
    ];

    /// <summary>Whether a run is open, for queries.</summary>
    public static Expression<Func<RunRow, bool>> RunIsOpen { get; } = run =>
        run.Stages.Any(s => s.Status != StageStatus.Done)
        && !run.Stages.Any(s => s.Status == StageStatus.Failed || s.Status == StageStatus.Cancelled);

    /// <summary>Where a change takes a stage; null where the change is none for a stage of that status.</summary>
    public static StageStatus? After(StageChange change, StageStatus from) =>
        Stages.Where(row => (row.Change, row.From) == (change, from)).Select(row => (StageStatus?)row.To).SingleOrDefault();

    /// <summary>Where a change takes a report; null where the change is none for a report of that status.</summary>
    public static StageStatus? After(ReportChange change, StageStatus from) =>
        Reports.Where(row => (row.Change, row.From) == (change, from)).Select(row => (StageStatus?)row.To).SingleOrDefault();

    /// <summary>Statuses of stages that a change changes, for queries.</summary>
    public static IReadOnlyList<StageStatus> ChangedBy(StageChange change) =>
        [.. Stages.Where(row => row.Change == change).Select(row => row.From)];

    /// <summary>How far a run is whose stages have these statuses.</summary>
    public static RunState Of(IEnumerable<StageStatus> stages)
    {
        var known = stages.ToHashSet();
        return known.Contains(StageStatus.Failed) ? RunState.Failed
            : known.Contains(StageStatus.Cancelled) ? RunState.Cancelled
            : known.All(status => status is StageStatus.Done) ? RunState.Succeeded : RunState.Open;
    }

    /// <summary>How far an experiment is.</summary>
    /// <param name="intent">What is wanted of it.</param>
    /// <param name="allEnded">Whether no run is open.</param>
    /// <param name="report">How far its report is.</param>
    public static ExperimentStatus Of(ExperimentIntent intent, bool allEnded, StageStatus report) => (allEnded, intent, report) switch
    {
        (false, ExperimentIntent.Cancel, _) => ExperimentStatus.Cancelling,
        (false, _, _) => ExperimentStatus.Running,
        (true, _, StageStatus.Done or StageStatus.Failed) => ExperimentStatus.Ended,
        _ => ExperimentStatus.Reporting,
    };
}
