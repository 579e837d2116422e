using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TsVlm.Contracts;

namespace TsVlm.Messaging;

/// <summary>Lets the bus start only when its queues are there, however long the broker is away.</summary>
public sealed class QueueDeclarationObserver(BrokerQueues queues, IHostApplicationLifetime lifetime, TimeProvider clock,
    ILogger<QueueDeclarationObserver> log) : IBusObserver
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public async Task PreStart(IBus bus)
    {
        var cancellationToken = lifetime.ApplicationStopping;
        while (true)
        {
            try
            {
                await queues.Declare(cancellationToken);
                return;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                log.LogWarning("The queues could not be made at the broker yet, which is tried again in {Pause}: {Error}", Pause,
                    ErrorText.Of(error));
            }
            await Task.Delay(Pause, clock, cancellationToken);
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
