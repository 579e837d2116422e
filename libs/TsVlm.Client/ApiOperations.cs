using TsVlm.Contracts;
using TsVlm.Contracts.Http;

namespace TsVlm.Client;

/// <summary>An operation of the API, as the OpenAPI document names it.</summary>
/// <param name="Method">Its verb.</param>
/// <param name="Path">Its path, with names in braces.</param>
/// <param name="Answer">What it answers as JSON; null where the answer is a file or a stream of events.</param>
public sealed record ApiOperation(HttpMethod Method, string Path, Type? Answer)
{
    /// <summary>The path with these values for the names in braces, in their order; a file's name keeps its slashes.</summary>
    internal string At(params string[] values)
    {
        var path = Path;
        foreach (var value in values)
        {
            var (start, end) = (path.IndexOf('{', StringComparison.Ordinal), path.IndexOf('}', StringComparison.Ordinal));
            var isFile = path[start..end] == "{file";
            var escaped = isFile ? string.Join('/', value.Split('/').Select(Uri.EscapeDataString)) : Uri.EscapeDataString(value);
            path = path[..start] + escaped + path[(end + 1)..];
        }
        return path.TrimStart('/');
    }
}

/// <summary>Every operation of the API, written once: a test compares them with the OpenAPI document of a running service.</summary>
public static class ApiOperations
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ApiOperation> All =>
    [
        ListDatasets, FindDataset, StoreDataset, ShowDataset, ShowSeries, AuditDataset, ListPresets, GridSchema, SubmitExperiment,
        PlanExperiment, ListExperiments, ShowExperiment, TimeLeft, CancelExperiment, RetryExperiment, FollowExperiment, Results,
        ResultsCsv, Report, Leaderboard, LeaderboardOfExperiment, ListReportFiles, ReportFile, ShowRun, ShowSample, ListRunFiles, RunFile,
    ];

    internal static ApiOperation ListDatasets { get; } = Get<Page<DatasetSize>>("/datasets");

    internal static ApiOperation FindDataset { get; } = Get<StoredDataset>("/datasets/{contentHash}");

    internal static ApiOperation StoreDataset { get; } = Post<DatasetReference>("/datasets");

    internal static ApiOperation ShowDataset { get; } = Get<DatasetDetails>("/datasets/{name}/details");

    internal static ApiOperation ShowSeries { get; } = Get<Page<SeriesOutline>>("/datasets/{name}/series");

    internal static ApiOperation AuditDataset { get; } = Get<DatasetAuditResponse>("/datasets/{name}/audit");

    internal static ApiOperation ListPresets { get; } = Get<Page<PresetResponse>>("/presets");

    internal static ApiOperation GridSchema { get; } = File("/grid.schema.json");

    internal static ApiOperation PlanExperiment { get; } = Post<PlannedExperiment>("/experiments/plan");

    internal static ApiOperation SubmitExperiment { get; } = Post<SubmissionResponse>("/experiments");

    internal static ApiOperation ListExperiments { get; } = Get<Page<ExperimentOverview>>("/experiments");

    internal static ApiOperation ShowExperiment { get; } = Get<ExperimentResponse>("/experiments/{id}");

    internal static ApiOperation TimeLeft { get; } = Get<TimeLeft>("/experiments/{id}/time-left");

    internal static ApiOperation CancelExperiment { get; } = Post<CancelledExperiment>("/experiments/{id}/cancel");

    internal static ApiOperation RetryExperiment { get; } = Post<RetriedExperiment>("/experiments/{id}/retry");

    internal static ApiOperation FollowExperiment { get; } = File("/experiments/{id}/events");

    internal static ApiOperation Results { get; } = Get<Page<RunResult>>("/experiments/{id}/results");

    internal static ApiOperation ResultsCsv { get; } = File("/experiments/{id}/results.csv");

    internal static ApiOperation Report { get; } = File("/experiments/{id}/report");

    internal static ApiOperation Leaderboard { get; } = Get<Leaderboard>("/leaderboard");

    internal static ApiOperation LeaderboardOfExperiment { get; } = Get<Leaderboard>("/experiments/{id}/leaderboard");

    internal static ApiOperation ListReportFiles { get; } = Get<Page<ArtifactFile>>("/experiments/{id}/files");

    internal static ApiOperation ReportFile { get; } = File("/experiments/{id}/files/{file}");

    internal static ApiOperation ShowRun { get; } = Get<RunResponse>("/runs/{id}");

    internal static ApiOperation ShowSample { get; } = Get<SampleResponse>("/runs/{id}/samples/{number}");

    internal static ApiOperation ListRunFiles { get; } = Get<Page<ArtifactFile>>("/runs/{id}/artifacts/{kind}");

    internal static ApiOperation RunFile { get; } = File("/runs/{id}/artifacts/{kind}/{file}");

    private static ApiOperation Get<T>(string path) => new(HttpMethod.Get, path, typeof(T));

    private static ApiOperation Post<T>(string path) => new(HttpMethod.Post, path, typeof(T));

    private static ApiOperation File(string path) => new(HttpMethod.Get, path, null);
}
