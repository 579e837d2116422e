using System.Text.Json.Serialization;
using MassTransit;
using TsVlm.Contracts;
using TsVlm.Experiments;
using TsVlm.Scenarios.Events;
using TsVlm.Scenarios.Experiments;
using TsVlm.Scenarios.Launching;
using TsVlm.Scenarios.State;
using TsVlm.ServiceDefaults;
using TsVlm.ServiceDefaults.Hosting;

namespace TsVlm.Scenarios.Api;

/// <summary>The HTTP API: a file for each group of endpoints.</summary>
public static class ApiHosting
{
    /// <summary>Registers what the endpoints need.</summary>
    /// <exception cref="SettingException">The key that requests must carry is missing, or a bound is wrong.</exception>
    public static void AddApi(this ServiceHost service) =>
        service.Builder.Services.AddApi(ApiAccess.Read(service), ApiSettings.Read(service.Settings));

    /// <summary>The same where all services are one process, with what the endpoints hear of runs.</summary>
    /// <param name="bus">The registration.</param>
    /// <param name="catalog">Where data sets come from.</param>
    /// <param name="key">The key that every request must carry.</param>
    public static void AddApi(this IBusRegistrationConfigurator bus, DatasetCatalog catalog, string key)
    {
        bus.AddSingleton(catalog);
        bus.AddSingleton<RunCanceller>();
        bus.AddHostedService(provider => provider.GetRequiredService<RunCanceller>());
        bus.AddConsumer<LiveEventConsumer, LiveEventConsumerDefinition>();
        bus.AddHealthChecks();
        bus.AddSingleton<DatasetAudits>();
        bus.AddApi(ApiAccess.Of(key), new ApiSettings());
    }

    private static void AddApi(this IServiceCollection services, ApiAccess access, ApiSettings settings)
    {
        services.AddSingleton(access).AddSingleton(settings);
        services.AddSingleton<RunQueries>().AddSingleton<RunResults>().AddSingleton<ExperimentPlans>().AddSingleton<DatasetSizes>();
        services.AddSingleton<OpenDatasets>().AddSingleton<PromptTokenCounter>();
        services.AddSingleton<SlowRequests>();
        services.AddApiLimits();
        services.AddSingleton<Submission>().AddSingleton<IdempotencyKeys>().AddSingleton<ExperimentEvents>().AddSingleton<EventStream>();
        services.AddExceptionHandler<ApiErrors>().AddProblemDetails();
        services.AddApiDocument();
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals;
            foreach (var converter in ContractJson.Compact.Converters) json.SerializerOptions.Converters.Add(converter);
        });
    }

    /// <summary>No answer is to be taken for another type than it has, and JSON, which changes, is not kept by anyone between.</summary>
    private static Task AddSafeHeaders(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            if (context.Response.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) is true
                && headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);
    }

    /// <summary>Maps the endpoints.</summary>
    public static void MapApi(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(AddSafeHeaders);
        app.Use(HeadRequests.Route);
        app.UseRouting();
        app.UseRateLimiter();
        app.Use(app.Services.GetRequiredService<ApiAccess>().Check);
        app.Use(app.Services.GetRequiredService<SlowRequests>().Guard);
        app.MapOpenApi();
        app.MapApiReference();
        app.MapDatasets();
        app.MapDatasetDetails();
        app.MapPresets();
        app.MapExperiments();
        app.MapExperimentActions();
        app.MapEvents();
        app.MapResults();
        app.MapRuns();
        app.MapFiles();
    }
}
