using TsVlm.Contracts;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TsVlm.ServiceDefaults;

/// <summary>Lets the bus start only when its queues are there, however long the broker is away.</summary>
public sealed class QueuesBeforeBus(BrokerQueues queues, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<QueuesBeforeBus> log) : IBusObserver
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public async Task PreStart(IBus bus)
    {
        var stop = lifetime.ApplicationStopping;
        while (true)
        {
            try
            {
                await queues.Declare(stop);
                return;
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                log.LogWarning("The queues could not be made at the broker yet, which is tried again in {Pause}: {Error}", Pause, ErrorText.Of(error));
            }
            await Task.Delay(Pause, clock, stop);
        }
    }

    /// <inheritdoc />
    public void PostCreate(IBus bus)
    {
    }

    /// <inheritdoc />
    public void CreateFaulted(Exception exception)
    {
    }

    /// <inheritdoc />
    public Task PostStart(IBus bus, Task<BusReady> busReady) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartFaulted(IBus bus, Exception exception) => Task.CompletedTask;

    /// <inheritdoc />
    public Task PreStop(IBus bus) => Task.CompletedTask;

    /// <inheritdoc />
    public Task PostStop(IBus bus) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopFaulted(IBus bus, Exception exception) => Task.CompletedTask;
}
