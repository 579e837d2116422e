using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TsVlm.Contracts;
using TsVlm.Messaging;
using TsVlm.Tests;

namespace TsVlm.Servers.Tests.Messaging;

/// <summary>The client of the broker on a real one.</summary>
public sealed class BrokerClientTests
{
    private static readonly ArtifactKey Key = new(ArtifactKind.Checkpoint, new string('b', 64));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_connection_comes_back_after_the_broker_was_away_and_a_lost_claim_does_not()
    {
        await using var server = await TestServer.Start("rabbitmq");
        await using var host = Build(server.ConnectionString);
        await using var other = Build(server.ConnectionString);
        var claims = new BrokerClaims(host.GetRequiredService<BrokerConnection>(), TimeProvider.System);
        var claim = await claims.Claim(Key, Stop);
        Assert.Equal(HealthStatus.Healthy, await Health(host));

        await server.Stop();
        Assert.Equal(HealthStatus.Unhealthy, await Health(host));
        Assert.False(await CanOpen(host));   // a worker that asks meanwhile must not be the end of it
        await server.Start();
        await Until(async () => await Health(host) == HealthStatus.Healthy);
        await Until(async () => await CanOpen(host));

        var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        var taken = await new BrokerClaims(other.GetRequiredService<BrokerConnection>(), TimeProvider.System).Claim(Key, patience.Token);
        await claim.DisposeAsync();   // must not end the other's
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            claims.Claim(Key, new CancellationTokenSource(TimeSpan.FromSeconds(2)).Token));
        await taken.DisposeAsync();
        await (await claims.Claim(Key, patience.Token)).DisposeAsync();
    }

    [Fact]
    public async Task A_missing_broker_is_unhealthy_within_the_check_s_timeout()
    {
        await using var host = Build($"amqp://127.0.0.1:{TestServer.FreePorts()}");
        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal(HealthStatus.Unhealthy, await Health(host));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 6);
    }

    private static ServiceProvider Build(string connection)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["ConnectionStrings:messaging"] = connection;
        builder.AddBrokerClient();
        return builder.Services.BuildServiceProvider();
    }

    private static async Task<HealthStatus> Health(ServiceProvider host)
    {
        var report = await host.GetRequiredService<HealthCheckService>().CheckHealthAsync(Stop);
        return Assert.Single(report.Entries, entry => entry.Key == "RabbitMQ.Client").Value.Status;
    }

    private static async Task<bool> CanOpen(ServiceProvider host)
    {
        try
        {
            return (await host.GetRequiredService<BrokerConnection>().Open(Stop)).IsOpen;
        }
        catch (Exception error) when (Failures.IsTransient(error))
        {
            return false;
        }
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        for (var wait = 0; !await condition(); wait++)
        {
            Assert.True(wait < 300, "Not within 30 s.");
            await Task.Delay(100, Stop);
        }
    }
}
