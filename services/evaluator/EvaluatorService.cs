using MassTransit;
using TsVlm.Models;
using TsVlm.Pages.Report;
using TsVlm.ServiceDefaults.Hosting;

namespace TsVlm.Evaluator;

/// <summary>Everything the evaluator service is made of.</summary>
public static class EvaluatorService
{
    /// <summary>Registers the consumer and the work behind it.</summary>
    public static void AddEvaluator(this IBusRegistrationConfigurator bus, EvaluatorSettings settings)
    {
        bus.AddConsumer<EvaluateModelConsumer, EvaluateModelConsumerDefinition>();
        bus.AddConsumer<ReportExperimentConsumer, ReportExperimentConsumerDefinition>();
        bus.AddSingleton(settings);
        bus.AddSingleton<ModelEvaluation>();
        bus.AddSingleton<ExperimentOutput>();
        bus.AddSingleton<ExperimentReports>();
    }

    /// <summary>Registers the models of a service of its own: by name below <c>Models__Directory</c>.</summary>
    public static void AddModels(this ServiceHost service) =>
        service.Builder.Services.AddSingleton(ModelCatalog.Below(service.Settings.Folder("Models__Directory")));
}
