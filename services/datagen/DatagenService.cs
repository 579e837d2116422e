using MassTransit;
using TsVlm.Models;
using TsVlm.ServiceDefaults.Hosting;

namespace TsVlm.Datagen;

/// <summary>Everything the datagen service is made of.</summary>
public static class DatagenService
{
    /// <summary>Registers the consumer and the work behind it.</summary>
    public static void AddDatagen(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<GenerateSamplesConsumer, GenerateSamplesConsumerDefinition>();
        bus.AddSingleton<SampleGeneration>();
    }

    /// <summary>Registers the models of a service of its own: by name below <c>Models__Directory</c>.</summary>
    public static void AddModels(this ServiceHost service) =>
        service.Builder.Services.AddSingleton(ModelCatalog.Below(service.Settings.Folder("Models__Directory")));
}
