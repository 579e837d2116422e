using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;

namespace TsVlm.ServiceDefaults;

/// <summary>The client of the broker as Aspire.RabbitMQ.Client makes it, with its health check and traces; -p:UseAspire=true.</summary>
internal static class BrokerClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Registers the <see cref="BrokerConnection"/>, and Aspire's own connection with its health check and its traces.</summary>
    public static void AddBrokerClient(this IHostApplicationBuilder builder, Uri uri)
    {
        builder.AddRabbitMQClient(
            BrokerMessaging.ConnectionName,
            settings =>
            {
                settings.ConnectionString = uri.OriginalString;
                settings.MaxConnectRetryCount = 0;   // it would hold up the health check; whoever needs the broker tries again anyway
            },
            factory =>
            {
                // Aspire's connection is made once and comes back by itself; a claim that was lost with a connection must not.
                factory.AutomaticRecoveryEnabled = true;
                factory.TopologyRecoveryEnabled = false;
                factory.RequestedConnectionTimeout = Patience;
                factory.ClientProvidedName = builder.Environment.ApplicationName;
            });
        // Claims need a connection that is made anew as soon as one is lost, so they have their own from Aspire's factory.
        builder.Services.AddSingleton(provider => new BrokerConnection(stop => provider.GetRequiredService<IConnectionFactory>().CreateConnectionAsync(stop)));
        builder.Services.Configure<HealthCheckServiceOptions>(health =>
        {
            foreach (var check in health.Registrations.Where(check => check.Name == "RabbitMQ.Client")) check.Timeout = Patience;
        });
        BeginNoTraceForWhatTellsOfNone();
    }

    /// <summary>Aspire listens to the client's subscriber too, which would begin a trace for each message that tells of none, as progress does.</summary>
    private static void BeginNoTraceForWhatTellsOfNone()
    {
        var told = RabbitMQActivitySource.ContextExtractor;
        RabbitMQActivitySource.ContextExtractor = message => told(message) is { TraceId: var trace } context && trace != default
            ? context
            : new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None);
    }
}
