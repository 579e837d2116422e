using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Data;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Api;

/// <summary>
/// Files of artifacts, streamed from the store. What a request names is only ever looked for among the names of an artifact's own manifest,
/// and the artifact among those of a run or experiment, so no name leads anywhere else.
/// </summary>
internal static class FileEndpoints
{
    public static void MapFiles(this WebApplication app)
    {
        var files = app.MapGroup("/").WithTags("Files").WithMetadata(new UsesArtifacts());
        files.MapGet("/experiments/{id}/files", ListReport).WithMetadata(PageBounds.Large).WithSummary("List files of a report")
            .WithDescription("The files of the report, with sizes and hashes.")
            .Produces<Page<ArtifactFile>>().ProducesProblem(404).ProducesProblem(409);
        files.MapGet("/experiments/{id}/files/{**file}", SendReport).WithSummary("Get a file of a report")
            .Produces<byte[]>(200, "application/octet-stream").ProducesProblem(404).ProducesProblem(409);
        files.MapGet("/runs/{id}/artifacts/{kind}", List).WithMetadata(PageBounds.Large)
            .WithSummary("List files of a run").WithDescription("The files of a run's dataset, samples, checkpoint or evaluation.")
            .Produces<Page<ArtifactFile>>().ProducesProblem(404);
        files.MapGet("/runs/{id}/artifacts/{kind}/{**file}", SendOfRun)
            .WithSummary("Get a file of a run").WithDescription("A file of a run's dataset, samples, checkpoint or evaluation.")
            .Produces<byte[]>(200, "application/octet-stream").ProducesProblem(404);
    }

    /// <summary>
    /// Streams a file; one that is damaged breaks off before its last byte. CSV has an apostrophe before texts that a spreadsheet would run
    /// as a formula, unless it is asked for raw.
    /// </summary>
    /// <exception cref="ApiProblem">The artifact or the file is not there.</exception>
    public static async Task<IResult> Send(IArtifactStore artifacts, ArtifactKey key, string file, bool? raw, HttpResponse response,
        CancellationToken cancellationToken)
    {
        var files = await FilesOf(artifacts, key, cancellationToken);
        var described = files.FirstOrDefault(known => known.Name == file) ?? throw ApiProblem.NotFound("file",
            $"Expected one of {string.Join(", ", files.Take(10).Select(known => known.Name))}{(files.Count > 10 ? ", ..." : "")}, found '{file}'.");
        var isRaw = raw is true && Path.GetExtension(described.Name) is ".csv";
        if (!isRaw) response.ContentLength = described.Bytes;
        // A page from the store gets no rights of the API's own pages.
        response.Headers.ContentSecurityPolicy = "sandbox allow-scripts";
        var content = response.HttpContext.IsHead() ? Stream.Null : await artifacts.OpenRead(key, described.Name, cancellationToken);
        return isRaw ? Results.Stream(output => SendRaw(content, output, cancellationToken), TypeOf(described.Name))
            : Results.Stream(content, TypeOf(described.Name));
    }

    private static async Task SendRaw(Stream content, Stream output, CancellationToken cancellationToken)
    {
        await using (content) await RawCsv.Copy(content, output, cancellationToken);
    }

    private static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".csv" => "text/csv; charset=utf-8",
        ".json" => "application/json",
        ".png" => "image/png",
        _ => "application/octet-stream",
    };

    private static async Task<Page<ArtifactFile>> ListReport(
        string id, RunQueries queries, IArtifactStore artifacts, int? offset, int? limit, CancellationToken cancellationToken) =>
        Part(await FilesOf(artifacts, await ResultEndpoints.ReportOf(id, queries, cancellationToken), cancellationToken),
            PageBounds.Large.Of(offset, limit));

    private static async Task<IResult> SendReport(string id, string? file, bool? raw, RunQueries queries, IArtifactStore artifacts,
        HttpResponse response, CancellationToken cancellationToken) =>
        await Send(artifacts, await ResultEndpoints.ReportOf(id, queries, cancellationToken), file ?? "", raw, response, cancellationToken);

    private static async Task<Page<ArtifactFile>> List(string id, string kind, RunQueries queries, IArtifactStore artifacts, int? offset,
        int? limit, CancellationToken cancellationToken) =>
        Part(await FilesOf(artifacts, await KeyOf(id, kind, queries, cancellationToken), cancellationToken),
            PageBounds.Large.Of(offset, limit));

    private static Page<ArtifactFile> Part(IReadOnlyList<ArtifactFile> files, PageRequest page) =>
        new(files.Count, page.Offset, [.. files.Skip(page.Offset).Take(page.Limit)]);

    private static async Task<IResult> SendOfRun(
        string id, string kind, string? file, bool? raw, RunQueries queries, IArtifactStore artifacts, HttpResponse response,
        CancellationToken cancellationToken) =>
        await Send(artifacts, await KeyOf(id, kind, queries, cancellationToken), file ?? "", raw, response, cancellationToken);

    private static async Task<IReadOnlyList<ArtifactFile>> FilesOf(IArtifactStore artifacts, ArtifactKey key,
        CancellationToken cancellationToken) =>
        (await artifacts.Find(key, cancellationToken))?.Files
        ?? throw ApiProblem.NotFound("artifact",
            $"{key}: expected an artifact that is in the store, found none. Its stage has not ended, or it was removed.");

    /// <summary>The run that a request names is not there.</summary>
    internal static ApiProblem NoRun(string id) =>
        ApiProblem.NotFound("run", $"Expected the id of a run, found '{id}'. GET /experiments/ID lists them.");

    /// <summary>The artifact of a run that a request names.</summary>
    internal static async Task<ArtifactKey> KeyOf(string id, string kind, RunQueries queries, CancellationToken cancellationToken)
    {
        var run = await queries.Run(id, cancellationToken)
            ?? throw NoRun(id);
        return (kind, run.Baseline) switch
        {
            ("dataset", _) => ArtifactKeys.Dataset(run.Dataset),
            ("evaluation", _) => ArtifactKeys.Evaluation(run),
            ("samples", null) => ArtifactKeys.Samples(run),
            ("checkpoint", null) => ArtifactKeys.Checkpoint(run),
            _ => throw ApiProblem.NotFound("artifact",
                $"Expected {(run.Baseline is null ? "dataset, samples, checkpoint" : "dataset")} or evaluation, found '{kind}'."),
        };
    }
}
