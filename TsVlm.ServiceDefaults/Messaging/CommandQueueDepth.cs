using RabbitMQ.Client;

namespace TsVlm.ServiceDefaults;

/// <summary>Makes the queues of work where there are none, and tells how many commands wait in one. For the sender: a command to a queue that is not there is lost.</summary>
public sealed class CommandQueueDepth(BrokerConnection broker)
{
    /// <summary>Makes every queue of work with its dead-letter queue, as their consumers do.</summary>
    public async Task Declare(CancellationToken cancellationToken)
    {
        await using var channel = await (await broker.Open(cancellationToken)).CreateChannelAsync(cancellationToken: cancellationToken);
        foreach (var queue in CommandQueues.All)
        {
            await Declare(channel, CommandQueues.DeadLettersOf(queue), CommandQueues.PlainArguments, cancellationToken);
            await Declare(channel, queue, CommandQueues.ArgumentsOf(queue), cancellationToken);
        }
    }

    /// <summary>Commands in a queue that no worker holds.</summary>
    public async Task<uint> NumReady(string queue, CancellationToken cancellationToken)
    {
        await using var channel = await (await broker.Open(cancellationToken)).CreateChannelAsync(cancellationToken: cancellationToken);
        return (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
    }

    private static async Task Declare(IChannel channel, string name, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(name, name, "", cancellationToken: cancellationToken);
    }
}
