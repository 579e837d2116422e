namespace TsVlm.Contracts.Http;

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
    /// <summary>It is not to be done.</summary>
    Cancelled,
}
