// The whole distributed system on one page. Run it: dotnet run --project TsVlm.AppHost
// Settings: --Datagen:Replicas 2, --Trainer:Replicas 2, --Evaluator:Replicas 2, --Evaluator:Gpu true.
using Microsoft.Extensions.Configuration;
using TsVlm.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
var settings = builder.Configuration;

builder.AddKubernetesEnvironment("k8s")
    .WithHelm(helm => helm.WithNamespace("tsvlm").WithReleaseName("tsvlm").WithChartName("tsvlm").WithChartVersion("0.1.0"))
    .WithProperties(environment =>
    {
        environment.DefaultStorageType = "pvc";
        environment.DefaultStorageSize = "20Gi";
    });

// A training holds its delivery; the broker must not take it away after 30 minutes. Seven days.
var messaging = builder.AddRabbitMQ("messaging")
    .WithManagementPlugin()
    .WithDataVolume("tsvlm-messaging-data")
    .WithEnvironment("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-rabbit consumer_timeout 604800000");

// AddDatabase makes the database in run mode only; POSTGRES_DB does when published.
var runs = builder.AddPostgres("postgres")
    .WithDataVolume("tsvlm-postgres-data")
    .WithEnvironment("POSTGRES_DB", "runs")
    .AddDatabase("runs");

// Azurite here; published, the storage account that the connection string names.
IResourceBuilder<IResourceWithConnectionString> blobs = builder.ExecutionContext.IsPublishMode
    ? builder.AddConnectionString("blobs")
    : builder.AddAzureStorage("storage").RunAsEmulator(azurite => azurite.WithDataVolume("tsvlm-azurite-data")).AddBlobs("blobs");

var apiKey = builder.AddParameter("api-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

Service<Projects.TsVlm_Scenarios>("scenarios")
    .WithReference(runs).WaitFor(runs)
    .WithEnvironment("Api__Key", apiKey)
    .WithEnvironment("Reconciler__MaxStagesInFlight", "64")
    .WithExternalHttpEndpoints();

Service<Projects.TsVlm_Datagen>("datagen").WithReplicas(settings.GetValue("Datagen:Replicas", 1));

Service<Projects.TsVlm_Trainer>("trainer").WithReplicas(settings.GetValue("Trainer:Replicas", 1)).PinToGpu("Trainer__Device");

var evaluator = Service<Projects.TsVlm_Evaluator>("evaluator").WithReplicas(settings.GetValue("Evaluator:Replicas", 1));
if (settings.GetValue("Evaluator:Gpu", false)) evaluator.PinToGpu("Evaluator__Device");

builder.Build().Run();

// Without launch profiles, so that a service is started as a container would be.
IResourceBuilder<ProjectResource> Service<TProject>(string name)
    where TProject : IProjectMetadata, new() =>
    builder.AddProject<TProject>(name, launchProfileName: null)
        .WithHttpEndpoint()
        .WithReference(messaging).WaitFor(messaging)
        .WithReference(blobs).WaitFor(blobs)
        .WithHttpProbe(ProbeType.Readiness, "/health", endpointName: "http")
        .WithHttpProbe(ProbeType.Liveness, "/alive", endpointName: "http")
        .PublishAsKubernetesService(service => service.LeaveTimeToCheckpoint());
