using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;
using RabbitMQ.Client;

namespace TsVlm.Messaging;

/// <summary>Aspire's client of the broker, by which <see cref="BrokerConnection"/> connects (decision 52).</summary>
public static class BrokerClient
{
    /// <summary>Name of the connection string.</summary>
    public const string Connection = "messaging";

    /// <summary>Registers the <see cref="BrokerConnection"/>, its health check and its traces.</summary>
    public static void AddBrokerClient(this IHostApplicationBuilder builder)
    {
        builder.AddRabbitMQClient(Connection,
            settings =>
            {
                // The one connection that Aspire would open, watch and check is of no use for claims; its factory makes ours.
                settings.DisableAutoActivation = true;
                settings.DisableHealthChecks = true;
                // Its subscriber begins a trace for each message that tells of none, as progress does.
                settings.DisableTracing = true;
            },
            factory =>
            {
                // A claim that was lost with its connection must not come back by itself: another worker may hold it by then.
                factory.AutomaticRecoveryEnabled = false;
                factory.TopologyRecoveryEnabled = false;
                factory.ClientProvidedName = builder.Environment.ApplicationName;
            });
        builder.Services.AddSingleton(provider =>
            new BrokerConnection(provider.GetRequiredService<IConnectionFactory>().CreateConnectionAsync));
        builder.Services.AddHealthChecks().AddCheck<BrokerConnection>("RabbitMQ.Client", timeout: TimeSpan.FromSeconds(5));
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource("RabbitMQ.Client.Publisher"));
    }
}
