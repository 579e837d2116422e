using MassTransit;
using TsVlm.Models;
using TsVlm.ServiceDefaults.Hosting;

namespace TsVlm.Trainer;

/// <summary>Everything the trainer service is made of.</summary>
public static class TrainerService
{
    /// <summary>Registers the consumer and the work behind it.</summary>
    public static void AddTrainer(this IBusRegistrationConfigurator bus, TrainerSettings settings)
    {
        bus.AddConsumer<TrainModelConsumer, TrainModelConsumerDefinition>();
        bus.AddSingleton(settings);
        bus.AddSingleton<FineTuning>();
    }

    /// <summary>Registers the models of a service of its own: by name below <c>Models__Directory</c>.</summary>
    public static void AddModels(this ServiceHost service) =>
        service.Builder.Services.AddSingleton(ModelCatalog.Below(service.Settings.Folder("Models__Directory")));
}
