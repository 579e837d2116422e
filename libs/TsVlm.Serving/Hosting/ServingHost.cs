using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TsVlm.Serving.Models;
using TsVlm.Serving.Plain;
using TsVlm.Serving.Protocol;
using TsVlm.Serving.Requests;
using TsVlm.Serving.Streams;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Serving.Hosting;

/// <summary>A serving process: models behind HTTP.</summary>
public static class ServingHost
{
    /// <summary>Makes it; no model is loaded before <see cref="ModelRepository.LoadAll"/>.</summary>
    /// <param name="url">Where it listens.</param>
    /// <param name="sources">The models.</param>
    /// <param name="device">Where they are computed.</param>
    /// <param name="settings">Bounds.</param>
    /// <param name="version">The server's version, for its metadata.</param>
    /// <param name="configure">Adds what the program has beside, such as telemetry; null for nothing.</param>
    public static WebApplication Build(string url, IReadOnlyList<ModelSource> sources, ComputeDevice device, ServingSettings settings, string version,
        Action<WebApplicationBuilder>? configure = null)
    {
        // Neither files nor the environment change where it listens.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "TsVlm.Serving" });
        builder.Configuration.AddEnvironmentVariables("OTEL_").AddEnvironmentVariables();
        builder.WebHost.UseKestrelCore().UseUrls(url).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentUpgradedConnections = settings.MaxStreams;
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.DrainTimeout);
        builder.Services.AddSingleton(settings).AddSingleton(TimeProvider.System).AddSingleton<SeriesBounds>();
        builder.Services.AddSingleton(provider => new ModelRepository(sources, device, settings, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ModelRepository>>()));
        builder.Services.AddSingleton<OpenStreams>().AddSingleton<StreamPieces>();
        configure?.Invoke(builder);

        var app = builder.Build();
        var models = app.Services.GetRequiredService<ModelRepository>();
        app.Lifetime.ApplicationStopping.Register(() => models.IsStopping = true);
        ErrorResponses.Use(app);
        app.UseWebSockets(new() { KeepAliveInterval = TimeSpan.FromSeconds(20), KeepAliveTimeout = TimeSpan.FromSeconds(20) });
        app.UseRouting();
        InferenceEndpoints.Map(app, version);
        PlainEndpoint.Map(app);
        StreamEndpoint.Map(app, app.Lifetime.ApplicationStopping);
        return app;
    }
}
