using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TsVlm.Artifacts;
using TsVlm.Artifacts.Folders;
using TsVlm.Cli.Display;
using TsVlm.Datagen;
using TsVlm.Evaluator;
using TsVlm.Experiments;
using TsVlm.Messaging;
using TsVlm.Scenarios;
using TsVlm.Scenarios.Api;
using TsVlm.Scenarios.Launching;
using TsVlm.ServiceDefaults.Telemetry;
using TsVlm.Trainer;

namespace TsVlm.Cli.Hosting;

/// <summary>The four services in this process, on the in-memory transport, with artifacts and run state in one folder.</summary>
internal static class LocalSystem
{
    /// <summary>For one command, which writes its report itself.</summary>
    public static IHost Build(OutputFolder output, RunMonitor monitor, string device, MachineShare share, bool verbose)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "tsvlm" });
        builder.Services.AddSingleton(monitor);
        Add(builder, output, device, share, reports: false, verbose, bus => bus.AddConsumer<ProgressConsumer>());
        return builder.Build();
    }

    /// <summary>For as long as it is wanted, with the HTTP API on a free port of this machine alone; reports are artifacts.</summary>
    /// <param name="output">Where artifacts and run state are.</param>
    /// <param name="catalog">Where data sets come from.</param>
    /// <param name="key">The key that every request must carry.</param>
    /// <param name="device">Where models are computed.</param>
    /// <param name="share">How runs share this machine.</param>
    /// <param name="verbose">Whether to log what the services do.</param>
    public static WebApplication BuildServer(
        OutputFolder output, DatasetCatalog catalog, string key, string device, MachineShare share, bool verbose)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "tsvlm" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        Add(builder, output, device, share, reports: true, verbose, bus => bus.AddApi(catalog, key));
        var app = builder.Build();
        app.MapApi();
        return app;
    }

    private static void Add(IHostApplicationBuilder builder, OutputFolder output, string device, MachineShare share, bool reports, bool verbose,
        Action<IBusRegistrationConfigurator> addMore)
    {
        var store = new FolderArtifactStore(output.Artifacts);
        store.RemoveWork();
        if (verbose) builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.AddTelemetryIfConfigured();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IArtifactStore>(store);
        builder.Services.AddInMemoryMessaging(share.RunsAtOnce,
            bus => bus.AddScenarios(output.RunState, new ReconcilerSettings { MaxStagesInFlight = share.RunsAtOnce, Reports = reports }),
            bus => bus.AddDatagen(),
            bus => bus.AddTrainer(new TrainerSettings { Device = device, NumThreads = share.NumThreads }),
            bus => bus.AddEvaluator(new EvaluatorSettings { Device = device, NumThreads = share.NumThreads }),
            addMore);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(60));
        builder.Services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = true;
            // A stop cancels the work under way at once: its stage runs again with the next command.
            host.ConsumerStopTimeout = TimeSpan.FromMilliseconds(1);
            host.StopTimeout = TimeSpan.FromSeconds(60);
        });
    }
}
