using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;

namespace TsVlm.ServiceDefaults;

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
