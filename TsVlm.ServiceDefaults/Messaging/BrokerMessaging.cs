using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
#if USE_ASPIRE
using Microsoft.Extensions.Hosting;
#else
using OpenTelemetry.Trace;
#endif

namespace TsVlm.ServiceDefaults;

/// <summary>How services in processes of their own find each other: RabbitMQ at <c>ConnectionStrings__messaging</c>.</summary>
public static class BrokerMessaging
{
    private const string ConnectionName = "messaging";
    private const string Key = "ConnectionStrings__" + ConnectionName;
    private const string Expected = "an AMQP URI such as amqp://user:password@host:5672";

    /// <summary>Registers a service's consumers on the broker, with the health checks of both connections.</summary>
    /// <param name="service">The host.</param>
    /// <param name="add">The service's own Add… extension.</param>
    /// <exception cref="SettingException">The setting is missing or wrong.</exception>
    public static void AddMessaging(this ServiceHost service, Action<IBusRegistrationConfigurator> add)
    {
        var text = service.Settings.Require(Key, Expected);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0)
            throw Settings.Wrong(Key, Expected, text);

        var services = service.Builder.Services;
        services.AddSingleton(new MessagingSettings
        {
            HasBroker = true,
            TimeBetweenSigns = service.Settings.Seconds("Messaging__SecondsBetweenSigns", TimeSpan.FromSeconds(10), 0.1, 3600),
            FirstWait = service.Settings.Seconds("Messaging__FirstWaitSeconds", TimeSpan.FromSeconds(5), 0, 3600),
        });
        services.AddSingleton<IStageClaims, BrokerClaims>();
        services.AddSingleton<CommandQueueDepth>();
        service.AddConnection(uri);
        services.AddStageConsumer().AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();   // nothing of what runs here is told to anyone
            bus.SetKebabCaseEndpointNameFormatter();
            add(bus);
            bus.AddConsumer<RunCancelledConsumer, RunCancelledConsumerDefinition>();
            bus.UsingRabbitMq((context, transport) =>
            {
                transport.Host(uri);
                transport.ConfigureEndpoints(context);
            });
        });
    }

#if USE_ASPIRE
    /// <summary>Aspire's client makes the connection, checks its health and traces it.</summary>
    private static void AddConnection(this ServiceHost service, Uri uri)
    {
        // A claim that was lost with its connection must not come back by itself: another worker may hold it by then.
        service.Builder.AddRabbitMQClient(ConnectionName, configureConnectionFactory: factory => factory.TopologyRecoveryEnabled = false);
        service.Builder.Services.AddSingleton(provider => new BrokerConnection(_ => Task.FromResult(provider.GetRequiredService<IConnection>())));
        _ = uri;
    }
#else
    /// <summary>The plain client, with the health check and the trace source that Aspire's has too.</summary>
    private static void AddConnection(this ServiceHost service, Uri uri)
    {
        var factory = new ConnectionFactory
        {
            Uri = uri,
            // A claim that was lost with its connection must not come back by itself: another worker may hold it by then.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            ClientProvidedName = service.Builder.Environment.ApplicationName,
        };
        service.Builder.Services.AddSingleton(new BrokerConnection(stop => factory.CreateConnectionAsync(stop)));
        service.Builder.Services.AddHealthChecks().AddCheck<BrokerConnection>("RabbitMQ.Client", timeout: TimeSpan.FromSeconds(5));
        // Not its subscriber, which begins a trace for each message that tells of none, as progress does; the bus has spans for what it consumes.
        service.Builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource("RabbitMQ.Client.Publisher"));
    }
#endif
}
