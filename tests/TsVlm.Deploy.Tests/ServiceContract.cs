namespace TsVlm.Deploy.Tests;

/// <summary>
/// What the services read from their environment and which queues they consume: the one list that AppHost, chart and compose file are held
/// against.
/// </summary>
internal static class ServiceContract
{
    public static string[] Services { get; } = [.. Pipeline, "web"];

    /// <summary>The services that use the broker and the artifact store.</summary>
    public static string[] Pipeline => ["scenarios", "datagen", "trainer", "evaluator"];

    public static string[] Workers { get; } = ["datagen", "trainer", "evaluator"];

    /// <summary>Resources by the name under which their connection string is looked for.</summary>
    public static string[] Connections { get; } = ["messaging", "blobs", "runs"];

    public static Dictionary<string, string[]> Queues { get; } = new()
    {
        ["datagen"] = ["generate-samples"],
        ["trainer"] = ["train-model"],
        ["evaluator"] = ["evaluate-model", "report-experiment"],
    };

    /// <summary>What Kubernetes knows of a pod, for the values of other variables.</summary>
    public static string[] OfPod { get; } = ["POD_NAME", "POD_UID", "POD_NAMESPACE", "NODE_NAME"];

    /// <summary>What scenarios reads where its argument is smoke-test.</summary>
    public static string[] SmokeTest { get; } = ["SmokeTest__Server", "SmokeTest__TimeoutSeconds", "Api__Key"];

    /// <summary>Keys without which a service stops at once.</summary>
    public static string[] Required(string service) => service switch
    {
        "scenarios" => ["ConnectionStrings__messaging", "ConnectionStrings__blobs", "ConnectionStrings__runs", "Api__Key"],
        "web" => ["Scenarios__Address"],
        _ => ["ConnectionStrings__messaging", "ConnectionStrings__blobs"],
    };

    /// <summary>Every key that a service knows.</summary>
    public static string[] Known(string service) =>
    [
        .. Required(service),
        "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_URLS", .. service == "web" ? Array.Empty<string>() : ["Work__Directory", "Models__Directory"],
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_SERVICE_NAME",
        "OTEL_RESOURCE_ATTRIBUTES", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG", .. OfPod,
        .. service switch
        {
            "scenarios" => ["Data__Directory", "Reconciler__MaxStagesInFlight"],
            "trainer" => ["Trainer__Device", "Trainer__NumThreads"],
            "web" => ["Web__TraceAddress", "Web__MaxUploadMB"],
            "evaluator" => ["Evaluator__Device", "Evaluator__NumThreads"],
            _ => Array.Empty<string>(),
        },
    ];

    /// <summary>What of a service's environment differs from the contract, as sentences; none is good.</summary>
    public static IEnumerable<string> Differences(string service, IReadOnlyCollection<string> keys) =>
    [
        .. Required(service).Except(keys).Select(key => $"{service} is not given {key}"),
        .. keys.Except(Known(service)).Select(key => $"{service} is given {key}, which it does not read"),
    ];
}
