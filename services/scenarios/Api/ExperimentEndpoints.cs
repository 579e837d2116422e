using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Scenarios.Events;
using TsVlm.Scenarios.Experiments;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Api;

/// <summary>Submitting, listing and watching experiments.</summary>
internal static class ExperimentEndpoints
{
    /// <summary>The header by which a request names itself.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    public static void MapExperiments(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<ApiSettings>();
        var experiments = app.MapGroup("/experiments").WithTags("Experiments");
        experiments.MapPost("/", Submit).WithMetadata(new DatasetEndpoints.BodyLimit(settings.MaxRequestBytes), new UsesArtifacts())
            .Accepts<ExperimentSubmission>("application/json")   // what no form of another web page can send without being asked first
            .WithSummary("Submit an experiment")
            .WithDescription("With an Idempotency-Key, asking again with the same body answers the same experiment.")
            .Produces<SubmissionResponse>(201).ProducesProblem(400).ProducesProblem(413).ProducesProblem(422);
        experiments.MapPost("/plan", Plan).WithMetadata(new DatasetEndpoints.BodyLimit(settings.MaxRequestBytes), new UsesArtifacts())
            .Accepts<ExperimentSubmission>("application/json")
            .WithSummary("Plan an experiment")
            .WithDescription("What a submission of the same body would be: its runs, and how many of them are done already. Nothing is "
                + "recorded.")
            .Produces<PlannedExperiment>().ProducesProblem(400).ProducesProblem(413);
        experiments.MapGet("/", List).WithMetadata(PageBounds.Usual).WithSummary("List experiments, the newest first")
            .WithDescription("search finds a part of the title or the beginning of the id; ended=true leaves those whose report has ended, "
                + "ended=false the others.")
            .Produces<Page<ExperimentOverview>>().ProducesProblem(400);
        experiments.MapGet("/{id}", Show).WithMetadata(PageBounds.Large)
            .WithSummary("Show an experiment")
            .WithDescription("An experiment with its runs and their stages; specs=true adds every setting of each run.")
            .Produces<ExperimentResponse>().ProducesProblem(404);
        experiments.MapGet("/{id}/time-left", Left).WithMetadata(new UsesArtifacts()).WithSummary("Tell the time left of an experiment")
            .WithDescription("Time of training and prediction of the runs that have not ended, one after the other, as earlier runs of the same "
                + "scenarios took.")
            .Produces<TimeLeft>().ProducesProblem(404);
    }

    private static async Task<TimeLeft> Left(string id, RunQueries queries, ExperimentPlans plans, CancellationToken cancellationToken) =>
        await queries.Experiment(id, cancellationToken) is null ? throw ApiProblem.NoExperiment(id) : await plans.Left(id, cancellationToken);

    private static async Task<IResult> Submit(HttpRequest request, [FromHeader(Name = IdempotencyKey)] string? idempotencyKey,
        Submission submission, CancellationToken cancellationToken)
    {
        var key = idempotencyKey ?? "";
        if (key.Length > ApiBounds.MaxIdempotencyKeyCharacters)
            throw ApiProblem.BadRequest(
                $"{IdempotencyKey}: expected at most {ApiBounds.MaxIdempotencyKeyCharacters} characters, found {key.Length}.");
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        var submitted = await submission.Run(body.ToArray(), key.Length > 0 ? key : null, $"POST {request.Path}", cancellationToken);
        return Results.Created($"/experiments/{submitted.Id}", submitted);
    }

    private static async Task<PlannedExperiment> Plan(HttpRequest request, Submission submission, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return await submission.Plan(body.ToArray(), cancellationToken);
    }

    private static Task<Page<ExperimentOverview>> List(RunQueries queries, int? offset, int? limit, string? search, bool? ended,
        CancellationToken cancellationToken)
    {
        if (search?.Length > ApiBounds.MaxNameCharacters)
            throw ApiProblem.BadRequest($"search: expected at most {ApiBounds.MaxNameCharacters} characters, found {search.Length}.");
        return queries.Experiments(PageBounds.Usual.Of(offset, limit), search, ended, cancellationToken);
    }

    private static async Task<ExperimentResponse> Show(
        string id, RunQueries queries, ExperimentEvents events, int? offset, int? limit, bool? specs, CancellationToken cancellationToken)
    {
        var page = PageBounds.Large.Of(offset, limit);
        var (row, counts) = await queries.Experiment(id, cancellationToken) ?? throw ApiProblem.NoExperiment(id);
        var runs = await queries.Runs(id, page, cancellationToken);
        var status = StateTables.Of(row.Intent, counts.AllEnded, row.ReportStatus);
        return new(id, row.Title, row.CreatedUtc, status, counts, counts.AllEnded, row.ReportStatus, row.ReportHash, row.ReportReason,
            page.Offset, [.. runs.Select(run => Describe(run, events.Latest, specs is true))]);
    }

    /// <summary>A run as the API shows it.</summary>
    internal static RunResponse Describe(RunStatus status, Func<string, StageProgressed?> progress, bool withSpec)
    {
        var run = status.Run;
        var latest = status.Ended ? null : progress(run.Id);
        if (latest is not null && !status.Stages.Any(s => s.Stage == latest.Stage && s.Status is StageStatus.Sent)) latest = null;
        return new(run.Id, run.Dataset.Name, run.ScenarioName, run.Split.Resample, run.Seed, status.Succeeded, status.Ended,
            status.Generation, status.Stages, latest, withSpec ? run : null)
        {
            TraceId = ActivityContext.TryParse(status.TraceParent, null, out var trace) ? trace.TraceId.ToHexString() : null,
        };
    }
}
