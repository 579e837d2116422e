// The whole distributed system on one page. Run it: dotnet run --project TsVlm.AppHost
// RabbitMQ, PostgreSQL and Azurite are containers where Docker or Podman runs, else processes: --Servers containers, --Servers processes.
// Settings: --Datagen:Replicas 2, --Trainer:Replicas 2, --Evaluator:Replicas 2, --Evaluator:Gpu true;
// ConnectionStrings__messaging, __runs or __blobs in the environment: that server is there already.
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TsVlm.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
var settings = builder.Configuration;
// What is not healthy yet, or not any more, is in the dashboard; a terminal full of stack traces tells nothing more.
builder.Services.AddLogging(log => log.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));

var messaging = builder.AddMessaging("messaging");
var runs = builder.AddRuns("runs");
var blobs = builder.AddBlobs("blobs");

var apiKey = builder.AddParameter("api-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

var scenarios = WithServers(Service<Projects.TsVlm_Scenarios>("scenarios"))
    .WithReference(runs).WaitFor(runs)
    .WithEnvironment("Api__Key", apiKey)
    .WithEnvironment("Reconciler__MaxStagesInFlight", "64")
    .WithExternalHttpEndpoints()
    .WithOperatorCommands(apiKey, runs, blobs);

WithServers(Service<Projects.TsVlm_Datagen>("datagen")).WithReplicas(settings.GetValue("Datagen:Replicas", 1));

WithServers(Service<Projects.TsVlm_Trainer>("trainer")).WithReplicas(settings.GetValue("Trainer:Replicas", 1))
    .WithEnvironment("Trainer__Device", "auto");

var evaluator = WithServers(Service<Projects.TsVlm_Evaluator>("evaluator")).WithReplicas(settings.GetValue("Evaluator:Replicas", 1));
if (settings.GetValue("Evaluator:Gpu", false)) evaluator.WithEnvironment("Evaluator__Device", "auto");

// The pages: sign in with the key, which the dashboard shows as the parameter api-key.
Service<Projects.TsVlm_Web>("web")
    .WaitFor(scenarios)
    .WithEnvironment("Scenarios__Address", scenarios.GetEndpoint("http"))
    .WithExternalHttpEndpoints();

builder.Build().Run();

// What every service but the pages uses.
IResourceBuilder<ProjectResource> WithServers(IResourceBuilder<ProjectResource> service) =>
    service.WithReference(messaging).WaitFor(messaging).WithReference(blobs).WaitFor(blobs);

// Without launch profiles, so that a service is started as a container would be.
IResourceBuilder<ProjectResource> Service<TProject>(string name)
    where TProject : IProjectMetadata, new()
{
    var service = builder.AddProject<TProject>(name, launchProfileName: null)
        .WithHttpEndpoint()
        .WithHttpProbe(ProbeType.Readiness, "/health", endpointName: "http")
        .WithHttpProbe(ProbeType.Liveness, "/alive", endpointName: "http");
    if (builder.ExecutionContext.IsPublishMode) return service;
    return service
        .WithRestarts()
        // Aspire says always_on, which would trace the messages and checks that the services leave out.
        .WithEnvironment("OTEL_TRACES_SAMPLER", "parentbased_always_on")
        // The dashboard is stopped with the services; what it no longer takes must not keep them from ending in good order.
        .WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", "1000");
}
