using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;

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

    /// <summary>How far it is.</summary>
    public RunState State => StateTables.Of(Stages.Select(s => s.Status));

    /// <summary>Every stage is done.</summary>
    public bool Succeeded => State is RunState.Succeeded;

    /// <summary>Nothing more will happen to it.</summary>
    public bool Ended => State is not RunState.Open;

    /// <summary>It was cancelled before its last stage was done.</summary>
    public bool Cancelled => State is RunState.Cancelled;

    /// <summary>How it ended, or where it stopped, as the report tells it.</summary>
    public RunOutcome Outcome => this switch
    {
        { Succeeded: true } => new(Run, null, null),
        { Failed: { } failed } => new(Run, failed.Stage, failed.Reason),
        _ => new(Run, Stages.First(s => s.Status is not StageStatus.Done).Stage, Cancelled ? "cancelled" : "not finished"),
    };

    /// <summary>How far a run is, by its row and those of its stages.</summary>
    public static RunStatus Of(RunRow row) => new(
        SpecOf(row),
        row.Generation,
        [.. row.Stages.OrderBy(s => s.Stage).Select(s =>
            new StageState(s.Stage, s.Status, s.Attempts, s.Reason) { LastHeartbeatUtc = s.LastHeartbeatUtc, Worker = s.Worker })])
    {
        TraceParent = row.TraceParent,
    };

    /// <summary>The run that a row records.</summary>
    public static RunSpec SpecOf(RunRow row) => JsonSerializer.Deserialize<RunSpec>(row.Spec, ContractJson.Compact)!;

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
