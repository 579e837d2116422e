using TsVlm.Contracts;

namespace TsVlm.Scenarios.State;

/// <summary>How far one run is.</summary>
/// <param name="Run">The run.</param>
/// <param name="Generation">How often it was asked for anew after it had failed or was cancelled.</param>
/// <param name="Stages">Its stages in order, each with its status.</param>
public sealed record RunStatus(RunSpec Run, int Generation, IReadOnlyList<StageState> Stages)
{
    /// <summary>Where its trace goes on; null where nobody listens.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The stage that failed; null where none did.</summary>
    public StageState? Failed => Stages.FirstOrDefault(s => s.Status is StageStatus.Failed);

    /// <summary>Every stage is done.</summary>
    public bool Succeeded => Stages.All(s => s.Status is StageStatus.Done);

    /// <summary>Nothing more will happen to it.</summary>
    public bool Ended => Succeeded || Failed is not null || Cancelled;

    /// <summary>It was cancelled before its last stage was done.</summary>
    public bool Cancelled => Stages.Any(s => s.Status is StageStatus.Cancelled);

    /// <summary>How it ended, or where it stopped, as the report tells it.</summary>
    public RunOutcome Outcome => this switch
    {
        { Succeeded: true } => new(Run, null, null),
        { Failed: { } failed } => new(Run, failed.Stage, failed.Reason),
        _ => new(Run, Stages.First(s => s.Status is not StageStatus.Done).Stage, Cancelled ? "cancelled" : "not finished"),
    };

    /// <summary>Where the traces of runs go on, by their ids.</summary>
    public static IReadOnlyDictionary<string, string> TraceParentsOf(IEnumerable<RunStatus> runs) =>
        runs.Where(run => run.TraceParent is not null).ToDictionary(run => run.Run.Id, run => run.TraceParent!);

    /// <summary>The stages that a run goes through, in order.</summary>
    public static IReadOnlyList<Stage> StagesOf(RunSpec run) =>
        run.Baseline is null ? [Stage.Datagen, Stage.Training, Stage.Evaluation] : [Stage.Evaluation];

    /// <summary>The artifact that a stage of a run makes.</summary>
    public static ArtifactKey ArtifactOf(RunSpec run, Stage stage) => stage switch
    {
        Stage.Datagen => ArtifactKeys.Samples(run),
        Stage.Training => ArtifactKeys.Checkpoint(run),
        _ => ArtifactKeys.Evaluation(run),
    };
}

/// <summary>How far one stage is.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Status">How far.</param>
/// <param name="Attempts">How often its command was sent, or given to a worker again.</param>
/// <param name="Reason">Why it failed, or what went wrong in the attempt before.</param>
public sealed record StageState(Stage Stage, StageStatus Status, int Attempts, string? Reason)
{
    /// <summary>When its command was sent, or a worker last sent a heartbeat.</summary>
    public DateTime? LastHeartbeatUtc { get; init; }

    /// <summary>The process at work, or the last that was.</summary>
    public string? Worker { get; init; }
}
