using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;
using RabbitMQ.Client;

namespace TsVlm.Messaging;

/// <summary>The client of the broker, under the names that Aspire's client gives its health check and trace source.</summary>
public static class BrokerClient
{
    /// <summary>Registers the <see cref="BrokerConnection"/>, its health check and its traces.</summary>
    public static void AddBrokerClient(this IHostApplicationBuilder builder, Uri uri)
    {
        var factory = new ConnectionFactory
        {
            Uri = uri,
            // A claim that was lost with its connection must not come back by itself: another worker may hold it by then.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            ClientProvidedName = builder.Environment.ApplicationName,
        };
        builder.Services.AddSingleton(new BrokerConnection(cancellationToken => factory.CreateConnectionAsync(cancellationToken)));
        builder.Services.AddHealthChecks().AddCheck<BrokerConnection>("RabbitMQ.Client", timeout: TimeSpan.FromSeconds(5));
        // Not its subscriber, which begins a trace for each message that tells of none, as progress does; the bus has spans for what it
        // consumes.
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource("RabbitMQ.Client.Publisher"));
    }
}
