using System.Security.Cryptography;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace TsVlm.Messaging;

/// <summary>The queues that outlive their consumers: made where there are none, by one process at a time, and counted.</summary>
public sealed class BrokerQueues(BrokerConnection broker, BrokerClaims claims)
{
    private const ushort NotFound = 404;

    private static readonly (string Name, Dictionary<string, object?> Arguments)[] All =
    [
        .. CommandQueues.All.Select(queue => (CommandQueues.DeadLettersOf(queue), CommandQueues.PlainArguments)),
        .. CommandQueues.All.Select(queue => (queue, CommandQueues.ArgumentsOf(queue))),
        (CommandQueues.Events, CommandQueues.PlainArguments),
    ];

    /// <summary>An exchange that nothing is sent to: it is there when these queues were all made.</summary>
    private static readonly string Made =
        $"queues-made-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', All.Select(queue => queue.Name)))))[..8]}";

    /// <summary>
    /// Makes every queue, as the consumers do: before they come, and before a sender, since a command to a queue that is not there is lost.
    /// The first time one process does it while others wait: to whoever declares a quorum queue that another is just making, the broker
    /// answers that it is there, and then ends the connection that consumes from it too early.
    /// </summary>
    public async Task Declare(CancellationToken cancellationToken)
    {
        if (await AreMade(cancellationToken))
        {
            await DeclareAll(cancellationToken);   // one may have been deleted since
            return;
        }
        await using var turn = await claims.Claim("queues", cancellationToken);
        if (!await AreMade(cancellationToken)) await DeclareAll(cancellationToken);
    }

    /// <summary>Commands in a queue that no worker holds.</summary>
    public async Task<uint> NumReady(string queue, CancellationToken cancellationToken)
    {
        await using var channel = await (await broker.Open(cancellationToken)).CreateChannelAsync(cancellationToken: cancellationToken);
        return (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
    }

    private async Task<bool> AreMade(CancellationToken cancellationToken)
    {
        await using var channel = await (await broker.Open(cancellationToken)).CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await channel.ExchangeDeclarePassiveAsync(Made, cancellationToken);
            return true;
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason?.ReplyCode == NotFound)
        {
            return false;
        }
    }

    private async Task DeclareAll(CancellationToken cancellationToken)
    {
        await using var channel = await (await broker.Open(cancellationToken)).CreateChannelAsync(cancellationToken: cancellationToken);
        foreach (var (name, arguments) in All)
        {
            await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
            await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments,
                cancellationToken: cancellationToken);
            await channel.QueueBindAsync(name, name, "", cancellationToken: cancellationToken);
        }
        await channel.ExchangeDeclareAsync(Made, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
    }
}
