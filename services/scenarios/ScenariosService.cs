using MassTransit;
using Microsoft.EntityFrameworkCore;
using TsVlm.Experiments;
using TsVlm.Models;
using TsVlm.Scenarios.Events;
using TsVlm.Scenarios.Experiments;
using TsVlm.Scenarios.Launching;
using TsVlm.Scenarios.State;
using TsVlm.ServiceDefaults;
using TsVlm.ServiceDefaults.Hosting;
using TsVlm.ServiceDefaults.Messaging;

namespace TsVlm.Scenarios;

/// <summary>Everything the scenarios service is made of.</summary>
public static class ScenariosService
{
    /// <summary>Registers the run state, the launcher, the reconciler and the consumers, for one process.</summary>
    /// <param name="bus">The registration.</param>
    /// <param name="databasePath">The SQLite file of the run state.</param>
    /// <param name="reconciler">How the reconciler works.</param>
    public static void AddScenarios(this IBusRegistrationConfigurator bus, string databasePath, ReconcilerSettings reconciler) =>
        bus.AddScenarios(options => options.UseSqlite($"Data Source={databasePath}"), ModelCatalog.ByPath, reconciler);

    /// <summary>The same as a service of its own, with what the broker gave up.</summary>
    /// <exception cref="SettingException">A setting is missing or wrong.</exception>
    public static void AddScenarios(this ServiceHost service)
    {
        var database = RunDatabaseHosting.Read(service.Settings);
        var reconciler = ReconcilerSettings.Read(service.Settings);
        var models = ModelCatalog.Below(service.Settings.Folder("Models__Directory"));
        service.Builder.Services.AddSingleton(new DatasetCatalog(service.Settings.Folder("Data__Directory")));
        service.Builder.Services.AddSingleton<DeadLetters>();
        service.Builder.Services.AddHealthChecks().AddDbContextCheck(timeout: TimeSpan.FromSeconds(5));
        service.AddMessaging(bus =>
        {
            bus.AddScenarios(database, models, reconciler);
            bus.AddSingleton<RunCanceller>();
            bus.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RunCanceller>());
            bus.AddConsumer<DeadSamplesConsumer, DeadSamplesDefinition>();
            bus.AddConsumer<DeadTrainingConsumer, DeadTrainingDefinition>();
            bus.AddConsumer<DeadEvaluationConsumer, DeadEvaluationDefinition>();
            bus.AddConsumer<DeadReportConsumer, DeadReportDefinition>();
            bus.AddConsumer<LiveEventConsumer, LiveEventConsumerDefinition>();
        });
    }

    private static void AddScenarios(
        this IBusRegistrationConfigurator bus, Action<DbContextOptionsBuilder> database, ModelCatalog models, ReconcilerSettings reconciler)
    {
        bus.AddConsumer<StageEventConsumer, StageEventConsumerDefinition>();
        bus.AddPooledDbContextFactory<RunDatabase>(database);
        bus.AddSingleton(reconciler);
        bus.AddSingleton(models);
        bus.AddSingleton<RunTransactions>();
        bus.AddSingleton<ExperimentStore>();
        bus.AddSingleton<StageStore>();
        bus.AddSingleton<ReadyStages>();
        bus.AddSingleton<ReportStore>();
        bus.AddSingleton<LostArtifacts>();
        bus.AddSingleton<DatasetImport>();
        bus.AddSingleton<RationaleImport>();
        bus.AddSingleton<Launcher>();
        bus.AddSingleton<CommandDispatcher>();
        bus.AddSingleton<ReportDispatcher>();
        bus.AddSingleton<Reconciler>();
        bus.AddSingleton<IHostedService>(provider => provider.GetRequiredService<Reconciler>());
    }
}
