using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using TsVlm.Messaging;
using TsVlm.ServiceDefaults.Hosting;

namespace TsVlm.ServiceDefaults.Messaging;

/// <summary>How services in processes of their own find each other: RabbitMQ at <c>ConnectionStrings__messaging</c>.</summary>
public static class BrokerMessaging
{
    private const string Key = "ConnectionStrings__" + BrokerClient.Connection;
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
            HeartbeatInterval = service.Settings.Seconds("Messaging__HeartbeatSeconds", TimeSpan.FromSeconds(10), 0.1, 3600),
            FirstWait = service.Settings.Seconds("Messaging__FirstWaitSeconds", TimeSpan.FromSeconds(5), 0, 3600),
            UnhealthyTimeout = service.Settings.Seconds("Messaging__UnhealthySeconds", TimeSpan.FromSeconds(120), 10, 86_400),
        });
        services.AddSingleton<BrokerClaims>().AddSingleton<IStageClaims>(provider => provider.GetRequiredService<BrokerClaims>());
        services.AddSingleton<BrokerQueues>();
        services.AddSendsUnderWay();
        services.AddBusObserver<QueueDeclarationObserver>();
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<BusHealthCheck>(
            provider, (Func<BusHealthResult>)provider.GetRequiredService<IBusControl>().CheckHealth,
            (Func<CancellationToken, Task<bool>>)provider.GetRequiredService<BrokerConnection>().Accepts));
        service.Builder.AddBrokerClient();
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
}
