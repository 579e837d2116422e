using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TsVlm.Scenarios;

/// <summary>Everything the scenarios service is made of.</summary>
public static class ScenariosService
{
    /// <summary>Registers the run state, the launcher, the reconciler and the consumers.</summary>
    /// <param name="bus">The registration.</param>
    /// <param name="databasePath">The SQLite file of the run state.</param>
    /// <param name="reconciler">How the reconciler works.</param>
    public static void AddScenarios(this IBusRegistrationConfigurator bus, string databasePath, ReconcilerSettings reconciler)
    {
        bus.AddConsumer<StageEventConsumer>();
        bus.AddDbContextFactory<RunDatabase>(options => options.UseSqlite($"Data Source={databasePath}"));
        bus.AddSingleton(reconciler);
        bus.AddSingleton<RunStore>();
        bus.AddSingleton<DatasetImport>();
        bus.AddSingleton<Launcher>();
        bus.AddSingleton<Reconciler>();
        bus.AddSingleton<IHostedService>(provider => provider.GetRequiredService<Reconciler>());
    }
}
