using System.Text.Json.Serialization;

namespace TsVlm.Contracts.Http;

/// <summary>What an event of an experiment tells; which members it has depends on the event.</summary>
public sealed record ExperimentEvent
{
    /// <summary>The run: progress, stage-ended, run-ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RunId { get; init; }

    /// <summary>progress: how far its stage is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StageProgressed? Progress { get; init; }

    /// <summary>stage-ended: how it ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StageState? Stage { get; init; }

    /// <summary>run-ended: whether every stage is done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Succeeded { get; init; }

    /// <summary>experiment-ended: runs by how they ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunCounts? NumRuns { get; init; }

    /// <summary>experiment-ended: how the report ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StageStatus? Report { get; init; }

    /// <summary>experiment-ended: why the report failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}
