using MassTransit;
using MassTransit.Context;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using TsVlm.Contracts;

namespace TsVlm.Messaging.Tests;

/// <summary>When a process ends because its bus is stuck, on a clock that stands still until it is moved.</summary>
public sealed class BusHealthCheckTests : IAsyncLifetime
{
    private static readonly MessagingSettings Messaging = new() { HasBroker = true, UnhealthyTimeout = TimeSpan.FromSeconds(60) };
    private readonly ObservedClock clock = new();
    private readonly ApplicationLifetime lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private BrokenProcess process = null!;
    private PendingSends sends = null!;
    private BusHealthCheck watch = null!;
    private bool isReady = true;
    private bool accepts = true;

    public async ValueTask InitializeAsync()
    {
        process = new(lifetime);
        sends = new(clock);
        watch = new(
            () => isReady ? BusHealthResult.Healthy("Ready", null!) : BusHealthResult.Unhealthy("Not ready: not started", null!, null!),
            _ => Task.FromResult(accepts), sends, process, Messaging, clock, NullLogger<BusHealthCheck>.Instance);
        await watch.StartAsync(TestContext.Current.CancellationToken);
        await clock.NextTimer();
    }

    public async ValueTask DisposeAsync()
    {
        await watch.StopAsync(CancellationToken.None);
        watch.Dispose();
    }

    [Fact]
    public async Task A_bus_that_stays_unready_while_the_broker_takes_messages_ends_the_process_after_the_unhealthy_timeout()
    {
        isReady = false;
        await Look(6);
        Assert.False(process.IsBroken);
        await Look(1);
        Assert.True(process.IsBroken);
        Assert.True(lifetime.ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task A_bus_that_comes_back_and_a_broker_that_takes_nothing_begin_the_count_anew()
    {
        isReady = false;
        await Look(6);
        isReady = true;
        await Look(1);
        isReady = false;
        await Look(6);
        accepts = false;
        await Look(20);
        accepts = true;
        await Look(6);
        Assert.False(process.IsBroken);
        await Look(1);
        Assert.True(process.IsBroken);
    }

    [Fact]
    public async Task A_message_that_does_not_leave_ends_the_process_and_messages_that_do_never()
    {
        for (var i = 0; i < 20; i++)
        {
            var slow = Message();
            await sends.PreSend(slow);
            await Look(1);
            await sends.PostSend(slow);
        }
        Assert.False(process.IsBroken);
        await sends.PreSend(Message());
        await Look(5);
        Assert.False(process.IsBroken);
        await Look(1);
        Assert.True(process.IsBroken);
    }

    private static MessageSendContext<StageHeartbeat> Message() => new(new("run", Stage.Training, "worker", ""), CancellationToken.None);

    /// <summary>Lets it look so many times, and waits until the last look is over.</summary>
    private async Task Look(int numLooks)
    {
        for (var i = 0; i < numLooks; i++)
        {
            clock.Advance(BusHealthCheck.Interval);
            await await Task.WhenAny(clock.NextTimer(), watch.ExecuteTask!);
        }
    }
}
