using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace TsVlm.Messaging;

/// <summary>How the services find each other inside one process.</summary>
public static class InMemoryMessaging
{
    /// <summary>
    /// Registers services on MassTransit's in-memory transport. Each <paramref name="services"/> entry is a service's own Add… extension.
    /// Each consumer of commands has <paramref name="commandsAtOnce"/> at a time, every other one message.
    /// </summary>
    public static IServiceCollection AddInMemoryMessaging(this IServiceCollection collection, int commandsAtOnce,
        params Action<IBusRegistrationConfigurator>[] services)
    {
        collection.AddSingleton(new MessagingSettings { HasBroker = false, CommandsAtOnce = commandsAtOnce });
        collection.AddSingleton<IStageClaims, ProcessClaims>();
        return collection.AddStageConsumer().AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();   // nothing of what runs here is told to anyone
            bus.SetKebabCaseEndpointNameFormatter();
            foreach (var add in services) add(bus);
            bus.AddConsumer<RunCancelledConsumer, RunCancelledConsumerDefinition>();
            bus.AddConsumeObserver<LostMessageObserver>();
            bus.UsingInMemory((context, transport) =>
            {
                transport.PrefetchCount = 1;
                transport.ConcurrentMessageLimit = 1;
                transport.ConfigureEndpoints(context);
            });
        });
    }

    internal static IServiceCollection AddStageConsumer(this IServiceCollection collection) =>
        collection.AddSingleton<BrokenProcess>().AddSingleton<RunCancellations>().AddSingleton<StageConsumer>();
}
