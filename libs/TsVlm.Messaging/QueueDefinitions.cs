using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace TsVlm.Messaging;

/// <summary>
/// A consumer of commands: as many at a time as <see cref="MessagingSettings.CommandsAtOnce"/> says, from a queue of work; what fails goes
/// back to the broker, which counts.
/// </summary>
public abstract class CommandDefinition<TConsumer> : ConsumerDefinition<TConsumer> where TConsumer : class, IConsumer
{
    private readonly string queue;

    /// <param name="queue">One of <see cref="CommandQueues"/>.</param>
    protected CommandDefinition(string queue)
    {
        this.queue = queue;
        EndpointName = queue;
    }

    /// <inheritdoc />
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator,
        IRegistrationContext context)
    {
        var numAtOnce = context.GetRequiredService<MessagingSettings>().CommandsAtOnce;
        endpointConfigurator.PrefetchCount = numAtOnce;
        endpointConfigurator.ConcurrentMessageLimit = numAtOnce;
        if (endpointConfigurator is not IRabbitMqReceiveEndpointConfigurator rabbit) return;
        rabbit.ConfigureConsumeTopology = false;   // commands are sent, never published
        foreach (var (name, value) in CommandQueues.ArgumentsOf(queue)) rabbit.SetQueueArgument(name, value);
        rabbit.BindDeadLetterQueue(CommandQueues.DeadLettersOf(queue), CommandQueues.DeadLettersOf(queue), dead =>
        {
            foreach (var (name, value) in CommandQueues.PlainArguments) dead.SetQueueArgument(name, value);
        });
        rabbit.RethrowFaultedMessages();
    }
}

/// <summary>
/// A consumer of events or dead letters: as many at a time as the database likes; one that cannot be taken now is held and tried again.
/// </summary>
public abstract class EventDefinition<TConsumer> : ConsumerDefinition<TConsumer> where TConsumer : class, IConsumer
{
    private const int MaxRetries = 30;
    private const int NumAtATime = 8;
    private readonly bool isPublished;

    /// <param name="queue">Name of the queue.</param>
    /// <param name="isPublished">Whether messages come by their type; false for those that the broker puts there.</param>
    protected EventDefinition(string queue, bool isPublished)
    {
        this.isPublished = isPublished;
        EndpointName = queue;
    }

    /// <inheritdoc />
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator,
        IRegistrationContext context)
    {
        if (endpointConfigurator is not IRabbitMqReceiveEndpointConfigurator rabbit) return;
        rabbit.PrefetchCount = NumAtATime;
        rabbit.ConfigureConsumeTopology = isPublished;
        foreach (var (name, value) in CommandQueues.PlainArguments) rabbit.SetQueueArgument(name, value);
        rabbit.UseMessageRetry(retry => retry
            .Exponential(MaxRetries, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(200)));
        rabbit.RethrowFaultedMessages();
    }
}

/// <summary>
/// A consumer that every process has to itself: its queue goes with the process, and every message reaches every process.
/// </summary>
public abstract class BroadcastDefinition<TConsumer> : ConsumerDefinition<TConsumer> where TConsumer : class, IConsumer
{
    /// <param name="name">What the queue's name begins with.</param>
    protected BroadcastDefinition(string name) =>
        Endpoint(endpoint =>
        {
            endpoint.Name = $"{name}-{Guid.NewGuid():n}";
            endpoint.Temporary = true;
        });
}
