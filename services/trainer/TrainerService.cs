using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace TsVlm.Trainer;

/// <summary>Everything the trainer service is made of.</summary>
public static class TrainerService
{
    /// <summary>Registers the consumer and the work behind it.</summary>
    public static void AddTrainer(this IBusRegistrationConfigurator bus, TrainerSettings settings)
    {
        bus.AddConsumer<TrainModelConsumer>();
        bus.AddSingleton(settings);
        bus.AddSingleton<FineTuning>();
    }
}
