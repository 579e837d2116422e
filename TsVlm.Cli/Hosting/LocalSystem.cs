using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TsVlm.Artifacts;
using TsVlm.Artifacts.Folders;
using TsVlm.Cli.Display;
using TsVlm.Datagen;
using TsVlm.Evaluator;
using TsVlm.Messaging;
using TsVlm.Scenarios;
using TsVlm.Scenarios.Launching;
using TsVlm.ServiceDefaults.Telemetry;
using TsVlm.Trainer;

namespace TsVlm.Cli.Hosting;

/// <summary>The four services in this process, on the in-memory transport, with artifacts and run state in one folder.</summary>
internal static class LocalSystem
{
    public static IHost Build(OutputFolder output, RunMonitor monitor, string device, MachineShare share, bool verbose)
    {
        var store = new FolderArtifactStore(output.Artifacts);
        store.RemoveWork();

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "tsvlm" });
        if (verbose) builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.AddTelemetryIfConfigured();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IArtifactStore>(store);
        builder.Services.AddSingleton(monitor);
        builder.Services.AddInMemoryMessaging(share.RunsAtOnce,
            bus => bus.AddScenarios(output.RunState, new ReconcilerSettings { MaxStagesInFlight = share.RunsAtOnce }),
            bus => bus.AddDatagen(),
            bus => bus.AddTrainer(new TrainerSettings { Device = device, NumThreads = share.NumThreads }),
            bus => bus.AddEvaluator(new EvaluatorSettings { Device = device, NumThreads = share.NumThreads }),
            bus => bus.AddConsumer<ProgressConsumer>());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(60));
        builder.Services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = true;
            // A stop cancels the work under way at once: its stage runs again with the next command.
            host.ConsumerStopTimeout = TimeSpan.FromMilliseconds(1);
            host.StopTimeout = TimeSpan.FromSeconds(60);
        });
        return builder.Build();
    }
}
