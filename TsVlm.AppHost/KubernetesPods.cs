using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace TsVlm.AppHost;

/// <summary>What the published pods need beyond Aspire's defaults.</summary>
internal static class KubernetesPods
{
    private const string Gpu = "nvidia.com/gpu";

    /// <summary>Two minutes between the signal to stop and the end: a worker checkpoints and hands its message back.</summary>
    public static void LeaveTimeToCheckpoint(this KubernetesResource service)
    {
        var pod = service.Workload!.PodTemplate.Spec;
        pod.TerminationGracePeriodSeconds = 120;
        // The publisher writes http; the API server takes HTTP only (microsoft/aspire#18271).
        foreach (var probe in pod.Containers.SelectMany(c => new[] { c.LivenessProbe, c.ReadinessProbe }))
        {
            if (probe?.HttpGet is { } get) get.Scheme = get.Scheme?.ToUpperInvariant()!;
        }
    }

    /// <summary>
    /// One NVIDIA GPU for each published pod, and the setting that makes the service use it; here it takes a GPU where there is one.
    /// </summary>
    public static IResourceBuilder<ProjectResource> PinToGpu(this IResourceBuilder<ProjectResource> service, string deviceSetting) =>
        service
            .WithEnvironment(deviceSetting, service.ApplicationBuilder.ExecutionContext.IsPublishMode ? "cuda" : "auto")
            .PublishAsKubernetesService(published =>
            {
                var pod = published.Workload!.PodTemplate.Spec;
                pod.NodeSelector["nvidia.com/gpu.present"] = "true";
                pod.Tolerations.Add(new TolerationV1 { Key = Gpu, Operator = "Exists", Effect = "NoSchedule" });
                var resources = pod.Containers[0].Resources ??= new();
                resources.Limits[Gpu] = "1";
            });
}
