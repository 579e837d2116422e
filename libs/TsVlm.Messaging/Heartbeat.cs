using MassTransit;
using TsVlm.Contracts;

namespace TsVlm.Messaging;

/// <summary>
/// Publishes that a stage is under way, from time to time, and at the end where more was saved since. A first attempt that is over at once,
/// since what it would make is there already, sends no heartbeat: its end says as much. A repeated one sends its first heartbeat at once,
/// as the run state counts it by that.
/// </summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly IPublishEndpoint bus;
    private readonly StageHeartbeat message;
    private readonly Func<long> saved;
    private readonly MessagingSettings messaging;
    private readonly TimeProvider clock;
    private readonly Task sending;
    private long told;

    private Heartbeat(IPublishEndpoint bus, StageHeartbeat message, Func<long> saved, MessagingSettings messaging, TimeProvider clock)
    {
        this.bus = bus;
        this.message = message;
        this.saved = saved;
        this.messaging = messaging;
        this.clock = clock;
        sending = Task.Run(Send);
    }

    public static Heartbeat Begin(IPublishEndpoint bus, StageHeartbeat message, Func<long> saved, MessagingSettings messaging,
        TimeProvider clock) =>
        new(bus, message, saved, messaging, clock);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await sending;
        end.Dispose();
        if (saved() == told) return;
        using var patience = new CancellationTokenSource(messaging.LastHeartbeatTimeout, clock);
        try
        {
            await Publish(patience.Token);
        }
        catch (Exception error) when (error is OperationCanceledException || Failures.IsTransient(error))
        {
            // What was saved is told by the next attempt.
        }
    }

    private async Task Send()
    {
        var wait = message.IsRepeated ? TimeSpan.Zero : messaging.TimeBeforeFirstHeartbeat;
        while (!end.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(wait, clock, end.Token);
                wait = messaging.HeartbeatInterval;
                await Publish(end.Token);
            }
            catch (Exception) when (end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (Failures.IsTransient(error))
            {
                // The broker is away; the next heartbeat reaches it, or the command is delivered again.
            }
        }
    }

    private async Task Publish(CancellationToken cancellationToken)
    {
        var now = saved();
        await bus.PublishUntraced(message with { Saved = now }, cancellationToken);
        told = now;
    }
}
