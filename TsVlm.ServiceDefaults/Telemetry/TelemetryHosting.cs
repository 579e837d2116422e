using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TsVlm.Telemetry;

namespace TsVlm.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs, sent by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
public static class TelemetryHosting
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string ServiceName = "OTEL_SERVICE_NAME";
    private const string StoreRequests = "Telemetry__StoreRequests";
    private const string StoreHeader = "x-ms-version";   // every request to the blob store has it

    /// <summary>For a service of its own: a log on the console too, and what HTTP measures.</summary>
    /// <exception cref="SettingException">
    /// Where to send it, or how, is not understood; the exporter itself would take its defaults without a word.
    /// </exception>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.IncludeScopes = true;   // the run's id, stage and attempt
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (!IsConfigured(new Settings(builder.Configuration))) return;   // spans that nobody receives are not begun
        builder.AddSources()
            .WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation(http => http.Filter = context => !IsProbe(context.Request.Path)))
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation())
            .UseOtlpExporter();
    }

    /// <summary>For one process without a server: nothing, unless the environment says where to send it.</summary>
    public static void AddTelemetryIfConfigured(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(Endpoint))) return;
        builder.Configuration.AddEnvironmentVariables();   // the exporter's own settings
        builder.AddSources().UseOtlpExporter();
    }

    private static bool IsProbe(string? path) => path is "/health" or "/alive" or "/v2/health/ready" or "/v2/health/live";

    private static bool IsConfigured(Settings settings)
    {
        if (settings.Find(Endpoint) is not { } endpoint) return false;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw Settings.Wrong(Endpoint, "the address of an OTLP receiver such as http://localhost:4317", endpoint);
        if (settings.Find(Protocol) is { } protocol && protocol is not ("grpc" or "http/protobuf"))
            throw Settings.Wrong(Protocol, "grpc or http/protobuf", protocol);
        return true;
    }

    private static OpenTelemetryBuilder AddSources(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
            logging.AddProcessor(new RunColumns());
        });
        var tracesStore = new Settings(builder.Configuration).Flag(StoreRequests, false);
        return builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Configuration[ServiceName] ?? builder.Environment.ApplicationName))
            .WithTracing(tracing => tracing.AddSource(TelemetryNames.Source, "MassTransit").AddHttpClientInstrumentation(http =>
            {
                // An upload or a download is one span, whatever number of requests it takes; polls of the store are none.
                if (!tracesStore) http.FilterHttpRequestMessage = request => !request.Headers.Contains(StoreHeader);
                http.EnrichWithHttpResponseMessage = (span, response) =>
                {
                    // Whether a blob is there, or still the same, is asked by requests that may be refused.
                    if (response.RequestMessage!.Headers.Contains(StoreHeader) && response.StatusCode is HttpStatusCode.NotFound
                        or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.NotModified)
                        span.SetStatus(ActivityStatusCode.Unset).SetTag(TelemetryNames.ErrorType, null);
                };
            }))
            .WithMetrics(metrics => metrics.AddMachineMetrics().AddMeter("MassTransit").AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation());
    }
}
