using TsVlm.Contracts;

namespace TsVlm.Scenarios;

/// <summary>An experiment as the run state keeps it.</summary>
public sealed class ExperimentRow
{
    /// <summary>Hash of what was asked for: asking twice is the same experiment.</summary>
    public required string Id { get; init; }

    /// <summary>When it was first asked for.</summary>
    public required DateTime CreatedUtc { get; init; }

    /// <summary>Whether its runs are to be worked on; an experiment that was stopped waits until it is asked for again.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>Its runs, in order.</summary>
    public List<ExperimentRunRow> Runs { get; init; } = [];
}

/// <summary>That a run belongs to an experiment. A run may belong to several.</summary>
public sealed class ExperimentRunRow
{
    /// <summary>The experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Place in the experiment, from 0.</summary>
    public required int Position { get; init; }

    /// <summary>The run itself.</summary>
    public RunRow Run { get; init; } = null!;
}

/// <summary>A run as the run state keeps it.</summary>
public sealed class RunRow
{
    /// <summary><see cref="RunSpec.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The <see cref="RunSpec"/> as JSON.</summary>
    public required string Spec { get; set; }

    /// <summary>Its stages.</summary>
    public List<StageRow> Stages { get; init; } = [];
}

/// <summary>A stage of a run as the run state keeps it.</summary>
public sealed class StageRow
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>The stage.</summary>
    public required Stage Stage { get; init; }

    /// <summary>How far it is.</summary>
    public StageStatus Status { get; set; }

    /// <summary>How often its command was sent.</summary>
    public int Attempts { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; set; }
}

/// <summary>How far a stage is.</summary>
public enum StageStatus
{
    /// <summary>Its command is still to be sent.</summary>
    Waiting,
    /// <summary>Its command is on its way or being worked on.</summary>
    Sent,
    /// <summary>Its artifact is in the store.</summary>
    Done,
    /// <summary>It ended in an error.</summary>
    Failed,
}
