using TsVlm.Contracts;

namespace TsVlm.Scenarios;

/// <summary>How far one run is.</summary>
/// <param name="Run">The run.</param>
/// <param name="Stages">Its stages in order, each with its status.</param>
public sealed record RunStatus(RunSpec Run, IReadOnlyList<StageState> Stages)
{
    /// <summary>The stage that failed; null where none did.</summary>
    public StageState? Failed => Stages.FirstOrDefault(s => s.Status is StageStatus.Failed);

    /// <summary>Every stage is done.</summary>
    public bool Succeeded => Stages.All(s => s.Status is StageStatus.Done);

    /// <summary>Nothing more will happen to it.</summary>
    public bool Ended => Succeeded || Failed is not null;

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
/// <param name="Attempts">How often its command was sent.</param>
/// <param name="Reason">Why it failed.</param>
public sealed record StageState(Stage Stage, StageStatus Status, int Attempts, string? Reason);
