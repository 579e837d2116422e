using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;
using RabbitMQ.Client;

namespace TsVlm.Messaging;

/// <summary>
/// This process's own connection to the broker beside MassTransit's: for claims, for the depth of queues and for the health check.
/// It is made when it is first needed, and made again after it was lost.
/// </summary>
/// <param name="connect">Makes a connection.</param>
public sealed class BrokerConnection(Func<CancellationToken, Task<IConnection>> connect) : IHealthCheck, IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private IConnection? open;

    /// <summary>The open connection.</summary>
    public async Task<IConnection> Open(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (open is { IsOpen: true }) return open;
            if (open is not null) await open.DisposeAsync();
            open = null;
            return open = await connect(cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Whether the broker takes a message, from a connection that is made for it and within ten seconds. A broker that is short of disk or
    /// memory answers, but takes none.
    /// </summary>
    public async Task<bool> Accepts(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        using var untraced = SuppressInstrumentationScope.Begin();
        try
        {
            await using var connection = await connect(patience.Token);
            await using var channel =
                await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
                    patience.Token);
            await channel.BasicPublishAsync("", $"nowhere-{Guid.NewGuid():n}", ReadOnlyMemory<byte>.Empty, patience.Token);
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var channel = await (await Open(cancellationToken)).CreateChannelAsync(cancellationToken: cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error)
        {
            return HealthCheckResult.Unhealthy("The broker does not answer.", error);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (open is not null) await open.DisposeAsync();
        turn.Dispose();
    }
}
