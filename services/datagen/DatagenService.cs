using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace TsVlm.Datagen;

/// <summary>Everything the datagen service is made of.</summary>
public static class DatagenService
{
    /// <summary>Registers the consumer and the work behind it.</summary>
    public static void AddDatagen(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<GenerateSamplesConsumer>();
        bus.AddSingleton<SampleGeneration>();
    }
}
