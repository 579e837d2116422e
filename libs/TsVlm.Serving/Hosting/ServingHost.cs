using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TsVlm.Serving.Grpc;
using TsVlm.Serving.Models;
using TsVlm.Serving.Plain;
using TsVlm.Serving.Protocol;
using TsVlm.Serving.Requests;
using TsVlm.Serving.Streams;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Serving.Hosting;

/// <summary>A serving process: models behind HTTP, and gRPC where that is wanted.</summary>
public static class ServingHost
{
    /// <summary>Makes it; no model is loaded before <see cref="ModelRepository.LoadAll"/>.</summary>
    /// <param name="url">Where it listens for HTTP/1.1.</param>
    /// <param name="grpcUrl">Where it listens for gRPC, which without TLS needs a port of its own; null for no gRPC.</param>
    /// <param name="sources">The models.</param>
    /// <param name="device">Where they are computed.</param>
    /// <param name="settings">Bounds.</param>
    /// <param name="version">The server's version, for its metadata.</param>
    /// <param name="configure">Adds what the program has beside, such as telemetry; null for nothing.</param>
    public static WebApplication Build(string url, string? grpcUrl, IReadOnlyList<ModelSource> sources, ComputeDevice device, ServingSettings settings, string version,
        Action<WebApplicationBuilder>? configure = null)
    {
        // Neither files nor the environment change where it listens.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "TsVlm.Serving" });
        builder.Configuration.AddEnvironmentVariables("OTEL_").AddEnvironmentVariables();
        builder.WebHost.UseKestrelCore().UseUrls(grpcUrl is null ? [url] : [url, grpcUrl]).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentUpgradedConnections = settings.MaxStreams;
            if (grpcUrl is not null)
            {
                var port = BindingAddress.Parse(grpcUrl).Port;
                kestrel.ConfigureEndpointDefaults(endpoint =>
                    endpoint.Protocols = endpoint.IPEndPoint?.Port == port ? HttpProtocols.Http2 : HttpProtocols.Http1);
            }
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.DrainTimeout);
        builder.Services.AddSingleton(settings).AddSingleton(TimeProvider.System).AddSingleton<SeriesBounds>();
        builder.Services.AddSingleton(provider => new ModelRepository(sources, device, settings, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ModelRepository>>()));
        builder.Services.AddSingleton<OpenStreams>().AddSingleton<StreamPieces>();
        if (grpcUrl is not null)
        {
            builder.Services.AddSingleton(new ServerIdentity(version));
            builder.Services.AddGrpc(grpc =>
            {
                grpc.MaxReceiveMessageSize = settings.MaxBodyBytes;
                grpc.EnableDetailedErrors = true;   // of what the interceptor never sees: bytes that are no message
                grpc.Interceptors.Add<GrpcErrors>();
            });
        }
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
        if (grpcUrl is not null) app.MapGrpcService<InferenceService>();
        return app;
    }
}
