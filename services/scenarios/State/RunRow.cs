using TsVlm.Contracts;
using TsVlm.Contracts.Http;

namespace TsVlm.Scenarios.State;

/// <summary>An experiment as the run state keeps it.</summary>
public sealed class ExperimentRow
{
    /// <summary>Hash of what was asked for: asking twice is the same experiment.</summary>
    public required string Id { get; init; }

    /// <summary>When it was first asked for.</summary>
    public required DateTime CreatedUtc { get; init; }

    /// <summary>Name of its grid.</summary>
    public string Title { get; init; } = "";

    /// <summary>What asked for it, as the report tells.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>The settings in force, as JSON.</summary>
    public string Settings { get; init; } = "[]";

    /// <summary>How far its report is.</summary>
    public StageStatus ReportStatus { get; set; }

    /// <summary>
    /// How often a run that had ended went on: what is heard of a report of an earlier generation is no news, for its runs ended otherwise.
    /// </summary>
    public int ReportGeneration { get; set; }

    /// <summary>Hash of the report's key, once it is done.</summary>
    public string? ReportHash { get; set; }

    /// <summary>Why the report failed.</summary>
    public string? ReportReason { get; set; }

    /// <summary>When the report's command was last sent.</summary>
    public DateTime? ReportSentUtc { get; set; }

    /// <summary>Counts the changes: of two writers at once, the second looks again.</summary>
    public int Version { get; set; }

    /// <summary>What is wanted of it.</summary>
    public ExperimentIntent Intent { get; set; }

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

    /// <summary>How often it was asked for anew after it had failed or was cancelled.</summary>
    public int Generation { get; set; }

    /// <summary>Where its trace goes on, in W3C form; null where nobody listened when it was asked for.</summary>
    public string? TraceParent { get; set; }

    /// <summary>When its trace began, until the root of the trace is written; null from then on.</summary>
    public DateTime? TraceStartedUtc { get; set; }

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

    /// <summary>Path of the artifact that it makes, which runs may share.</summary>
    public required string Artifact { get; set; }

    /// <summary>How far it is.</summary>
    public StageStatus Status { get; set; }

    /// <summary>How often its command was sent, or given to a worker again.</summary>
    public int Attempts { get; set; }

    /// <summary>Why it failed, or what went wrong in the attempt before.</summary>
    public string? Reason { get; set; }

    /// <summary>When its command was sent, or a worker last sent a heartbeat.</summary>
    public DateTime? LastHeartbeatUtc { get; set; }

    /// <summary>Work that the next attempt need not do again, as far as workers told.</summary>
    public long Saved { get; set; }

    /// <summary>The same when its command was last sent.</summary>
    public long SavedWhenSent { get; set; }

    /// <summary>Names the attempt under way.</summary>
    public string? Attempt { get; set; }

    /// <summary>The process at work, as <c>machine:process</c>.</summary>
    public string? Worker { get; set; }

    /// <summary>Counts the changes: of two writers at once, the second looks again.</summary>
    public int Version { get; set; }
}

/// <summary>A request that named itself by an <c>Idempotency-Key</c>.</summary>
public sealed class IdempotencyKeyRow
{
    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of the request's body.</summary>
    public required string BodyHash { get; init; }

    /// <summary>What it made; null while that is under way.</summary>
    public string? ExperimentId { get; set; }

    /// <summary>When it came.</summary>
    public required DateTime CreatedUtc { get; init; }
}

/// <summary>The version of the run state's tables.</summary>
public sealed class SchemaVersionRow
{
    /// <summary>Its number, from 1.</summary>
    public required int Number { get; init; }
}
