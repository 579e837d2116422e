using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace TsVlm.Evaluator;

/// <summary>Everything the evaluator service is made of.</summary>
public static class EvaluatorService
{
    /// <summary>Registers the consumer and the work behind it.</summary>
    public static void AddEvaluator(this IBusRegistrationConfigurator bus, EvaluatorSettings settings)
    {
        bus.AddConsumer<EvaluateModelConsumer>();
        bus.AddSingleton(settings);
        bus.AddSingleton<Evaluation>();
        bus.AddSingleton<ExperimentOutput>();
    }
}
