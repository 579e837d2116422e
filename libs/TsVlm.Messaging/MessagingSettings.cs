namespace TsVlm.Messaging;

/// <summary>How a process takes part in the messages.</summary>
public sealed record MessagingSettings
{
    /// <summary>Whether a broker keeps the messages, which gives back what was not acknowledged; false in one process.</summary>
    public required bool HasBroker { get; init; }

    /// <summary>Commands that each consumer of this process works on at a time.</summary>
    public int CommandsAtOnce { get; init; } = 1;

    /// <summary>What this process is called in the run state.</summary>
    public string Worker { get; init; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Time before the first heartbeat of a stage under way; a stage that ends before sends none.</summary>
    public TimeSpan TimeBeforeFirstHeartbeat { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>Time between two heartbeats of a stage under way.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time before a failure that may pass is tried again; three times as long with each further delivery.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A process whose bus is not ready, or whose message is on its way, for so long although the broker takes messages ends.
    /// </summary>
    public TimeSpan UnhealthyTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Longest time that the last heartbeat of an attempt may take, so that a broker that is away does not hold up a stop.</summary>
    public TimeSpan LastHeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
