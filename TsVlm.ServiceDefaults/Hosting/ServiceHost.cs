using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using TsVlm.Messaging;
using TsVlm.ServiceDefaults.Telemetry;

namespace TsVlm.ServiceDefaults.Hosting;

/// <summary>
/// A service as a process of its own: settings, telemetry, health, artifacts and messages, each one call in its Program.cs.
/// </summary>
public sealed class ServiceHost
{
    // A snapshot of a large model takes longer to store than the usual 20 s; what stops the process grants it 120 s.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(100);

    private ServiceHost(WebApplicationBuilder builder)
    {
        Builder = builder;
        Settings = new Settings(builder.Configuration);
    }

    /// <summary>The host that is being made.</summary>
    public WebApplicationBuilder Builder { get; }

    /// <summary>The service's settings.</summary>
    public Settings Settings { get; }

    /// <summary>Whether every address that the service listens on is one of this machine alone.</summary>
    public bool IsLoopback
    {
        get
        {
            var configuration = Builder.Configuration;
            var isDefinedElsewhere = configuration["http_ports"] is not null || configuration["https_ports"] is not null
                || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
            var urls = (configuration["urls"] ?? "http://localhost").Split(';', StringSplitOptions.RemoveEmptyEntries);
            return !isDefinedElsewhere && urls.All(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.IsLoopback);
        }
    }

    /// <summary>Makes and runs a service; a wrong setting is one line on standard error and exit code 1.</summary>
    /// <param name="args">Of the command line; ASP.NET's own.</param>
    /// <param name="add">Adds what the service is made of.</param>
    /// <param name="map">Adds what it answers by HTTP beside its health; null for nothing.</param>
    public static async Task<int> Run(string[] args, Action<ServiceHost> add, Action<WebApplication>? map = null)
    {
        try
        {
            await using var app = Build(args, add);
            map?.Invoke(app);
            // A service without a bus has none.
            var process = app.Services.GetService<BrokenProcess>();
            await app.RunAsync();
            return process is { IsBroken: true } ? 1 : 0;
        }
        catch (SettingException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        catch (IOException error) when (error.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"ASPNETCORE_URLS: expected a free address, found one in use: {error.Message}");
            return 1;
        }
    }

    private static void MapHealth(WebApplication app, string path, HealthCheckOptions options) =>
        app.MapHealthChecks(path, options).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));

    private static WebApplication Build(string[] args, Action<ServiceHost> add)
    {
        // Settings are read once. To watch their files would cost a handle in every pod, and work with every file that is written in that
        // folder.
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.AddTelemetry();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestStop);
        builder.Services.Configure<MassTransitHostOptions>(host =>
        {
            // The service answers that it is not ready until the broker is there; it does not give up.
            host.WaitUntilStarted = false;
            // A stop cancels the work under way at once: it puts its snapshot away and hands its command back.
            host.ConsumerStopTimeout = TimeSpan.FromMilliseconds(1);
            host.StopTimeout = LongestStop;
        });
        add(new ServiceHost(builder));

        var app = builder.Build();
        MapHealth(app, "/health", new() { ResultStatusCodes = { [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable } });
        MapHealth(app, "/alive", new() { Predicate = check => check.Tags.Contains("live") });
        return app;
    }
}
