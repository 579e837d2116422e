namespace TsVlm.Messaging;

/// <summary>
/// The queues that carry work. They outlive the broker and their consumers; a command that was delivered too often without being answered
/// goes to the queue's dead-letter queue.
/// </summary>
public static class CommandQueues
{
    /// <summary>
    /// A command is delivered so often at most, the first time included; then it is a dead letter. Preempted nodes and restarts of the
    /// broker count too, so it is more than the three or four that tell a command which kills its workers.
    /// </summary>
    public const int MaxDeliveries = DeliveryLimit + 1;

    internal const int DeliveryLimit = 7;

    /// <summary>Makes samples.</summary>
    public const string GenerateSamples = "generate-samples";

    /// <summary>Trains.</summary>
    public const string TrainModel = "train-model";

    /// <summary>Evaluates a model or a baseline.</summary>
    public const string EvaluateModel = "evaluate-model";

    /// <summary>Writes the report of an experiment.</summary>
    public const string ReportExperiment = "report-experiment";

    /// <summary>What workers tell the run state. Carries events, so it is none of <see cref="All"/>.</summary>
    public const string Events = "scenarios-events";

    /// <summary>All that carry commands.</summary>
    public static IReadOnlyList<string> All { get; } = [GenerateSamples, TrainModel, EvaluateModel, ReportExperiment];

    /// <summary>Where the dead letters of a queue go.</summary>
    public static string DeadLettersOf(string queue) => $"{queue}_dead";

    /// <summary>The arguments every declaration of a queue of work must repeat to the letter.</summary>
    internal static Dictionary<string, object?> ArgumentsOf(string queue) => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = DeliveryLimit,
        ["x-dead-letter-exchange"] = DeadLettersOf(queue),
    };

    /// <summary>The arguments of a queue of dead letters, and of scenarios' own.</summary>
    internal static Dictionary<string, object?> PlainArguments => new()
    {
        ["x-queue-type"] = "quorum",
    };
}
