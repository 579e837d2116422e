using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TsVlm.Messaging;

/// <summary>
/// Ends a process whose bus does not come back, or whose message does not leave, although the broker takes messages all the while. The
/// broker's client can wait for ever for a channel that went with its connection (rabbitmq-dotnet-client, issue 1976; in all versions up to
/// 7.2.2), and nothing in the process can end that.
/// </summary>
/// <param name="health">The bus's.</param>
/// <param name="accepts">Whether the broker takes a message from a connection that is made for it.</param>
/// <param name="sends">The messages under way.</param>
/// <param name="process">Ends the process.</param>
/// <param name="messaging">How long it may last.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="log">Is told why the process ends.</param>
public sealed class BusHealthCheck(
    Func<BusHealthResult> health, Func<CancellationToken, Task<bool>> accepts, PendingSends sends,
    BrokenProcess process, MessagingSettings messaging, TimeProvider clock, ILogger<BusHealthCheck> log) : BackgroundService
{
    private long? unreadySince;
    private long? acceptedSince;

    /// <summary>Time between two looks.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do
        {
            await Task.Delay(Interval, clock, stoppingToken);
        }
        while (!await IsStuck(stoppingToken));
        process.Report();
    }

    private async Task<bool> IsStuck(CancellationToken cancellationToken)
    {
        var bus = health();
        unreadySince = bus.Status == BusHealthStatus.Healthy ? null : unreadySince ?? clock.GetTimestamp();
        var (unready, sending) = (Since(unreadySince), sends.Longest);
        var unhealthyFor = unready > sending ? unready : sending;
        if ((unreadySince is null && sending < Interval) || !await accepts(cancellationToken))
        {
            acceptedSince = null;
            return false;
        }
        acceptedSince ??= clock.GetTimestamp();
        if (unhealthyFor < messaging.UnhealthyTimeout || Since(acceptedSince) < messaging.UnhealthyTimeout) return false;
        log.LogCritical(
            "The broker takes messages, but the bus is not ready for {Unready} ({Health}), a message is on its way for {Sending}: this process ends, for another to begin",
            unready, bus.Description, sending);
        return true;
    }

    private TimeSpan Since(long? time) => time is { } begin ? clock.GetElapsedTime(begin) : TimeSpan.Zero;
}
