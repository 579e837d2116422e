using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TsVlm.ServiceDefaults;

/// <summary>Traces, metrics and logs, sent by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
public static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceName = "OTEL_SERVICE_NAME";

    /// <summary>For a service of its own: a log on the console too, and what HTTP measures.</summary>
    internal static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.IncludeScopes = true;   // the run's id, stage and attempt
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (string.IsNullOrWhiteSpace(builder.Configuration[Endpoint])) return;   // spans that nobody receives are not begun
        builder.AddSources()
            .WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation(http => http.Filter = context => context.Request.Path != "/health" && context.Request.Path != "/alive"))
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation())
            .UseOtlpExporter();
    }

    /// <summary>For one process without a server: nothing, unless the environment says where to send it.</summary>
    public static void AddTelemetryWhereWanted(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(Endpoint))) return;
        builder.Configuration.AddEnvironmentVariables();   // the exporter's own settings
        builder.AddSources().UseOtlpExporter();
    }

    private static OpenTelemetryBuilder AddSources(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        return builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Configuration[ServiceName] ?? builder.Environment.ApplicationName))
            .WithTracing(tracing => tracing.AddSource(TelemetryNames.Source, "MassTransit").AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics.AddMachineMetrics().AddMeter("MassTransit").AddHttpClientInstrumentation().AddRuntimeInstrumentation());
    }
}
