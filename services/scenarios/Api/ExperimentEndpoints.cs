using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Scenarios.Events;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Api;

/// <summary>Submitting, listing and watching experiments.</summary>
internal static class ExperimentEndpoints
{
    private const int MaxRunsShown = 1000;
    private const int MaxKeyCharacters = 200;

    public static void MapExperiments(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<ApiSettings>();
        var experiments = app.MapGroup("/experiments").WithTags("Experiments");
        experiments.MapPost("/", Submit).WithMetadata(new DatasetEndpoints.BodyLimit(settings.MaxRequestBytes))
            .Accepts<SubmittedExperiment>("application/json")   // what no form of another web page can send without being asked first
            .WithSummary("Submits an experiment; with an Idempotency-Key, asking again with the same body answers the same experiment.")
            .Produces<SubmittedRuns>(201).ProducesProblem(400).ProducesProblem(413).ProducesProblem(422);
        experiments.MapGet("/", List).WithSummary("Experiments, the newest first.").Produces<Page<ExperimentOverview>>();
        experiments.MapGet("/{id}", Show)
            .WithSummary("An experiment with its runs and their stages; specs=true adds every setting of each run.")
            .Produces<ExperimentResponse>().ProducesProblem(404);
    }

    private static async Task<IResult> Submit(HttpRequest request, Submission submission, CancellationToken cancellationToken)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length > MaxKeyCharacters)
            throw ApiProblem.BadRequest($"Idempotency-Key: expected at most {MaxKeyCharacters} characters, found {key.Length}.");
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        var submitted = await submission.Run(body.ToArray(), key.Length > 0 ? key : null, $"POST {request.Path}", cancellationToken);
        return Results.Created($"/experiments/{submitted.Id}", submitted);
    }

    private static Task<Page<ExperimentOverview>> List(RunQueries queries, int? offset, int? limit, CancellationToken cancellationToken) =>
        queries.Experiments(Paging.Of(offset, limit, 50, 200), cancellationToken);

    private static async Task<ExperimentResponse> Show(
        string id, RunQueries queries, ExperimentEvents events, int? offset, int? limit, bool? specs, CancellationToken cancellationToken)
    {
        var page = Paging.Of(offset, limit, MaxRunsShown, MaxRunsShown);
        var (row, counts) = await queries.Experiment(id, cancellationToken) ?? throw ApiProblem.NoExperiment(id);
        var runs = await queries.Runs(id, page, cancellationToken);
        return new(id, row.Title, row.CreatedUtc, counts, counts.AllEnded, row.ReportStatus, row.ReportHash, row.ReportReason, page.Offset,
            [.. runs.Select(run => RunResponse.Of(run, events.Latest, specs is true))]);
    }
}

/// <summary>An experiment.</summary>
/// <param name="Id">The experiment.</param>
/// <param name="Title">Name of its grid.</param>
/// <param name="CreatedUtc">When it was first asked for.</param>
/// <param name="NumRuns">Its runs by how they ended.</param>
/// <param name="Ended">Whether every run has ended.</param>
/// <param name="Report">How far its report is.</param>
/// <param name="ReportHash">Hash of the report's key, once it is done.</param>
/// <param name="ReportReason">Why the report failed.</param>
/// <param name="Offset">Place of the first run that is shown, from 0.</param>
/// <param name="Runs">The runs from there on, in order.</param>
public sealed record ExperimentResponse(
    string Id, string Title, DateTime CreatedUtc, RunCounts NumRuns, bool Ended, StageStatus Report, string? ReportHash,
    string? ReportReason, int Offset,
    IReadOnlyList<RunResponse> Runs);

/// <summary>A run.</summary>
/// <param name="Id">The run.</param>
/// <param name="Dataset">Name of its data set.</param>
/// <param name="Scenario">Name of its scenario, or <c>baseline:NAME</c>.</param>
/// <param name="Resample">Resample of the split.</param>
/// <param name="Seed">Seed of the training.</param>
/// <param name="Succeeded">Whether every stage is done.</param>
/// <param name="Ended">Whether nothing more will happen to it.</param>
/// <param name="Generation">How often it was asked for anew.</param>
/// <param name="Stages">Its stages, in order.</param>
/// <param name="Progress">How far the stage under way is, as far as this process has heard.</param>
/// <param name="Run">Every setting, where asked for.</param>
public sealed record RunResponse(
    string Id, string Dataset, string Scenario, int Resample, int Seed, bool Succeeded, bool Ended, int Generation,
    IReadOnlyList<StageState> Stages,
    StageProgressed? Progress, RunSpec? Run)
{
    internal static RunResponse Of(RunStatus status, Func<string, StageProgressed?> progress, bool withSpec)
    {
        var run = status.Run;
        var latest = status.Ended ? null : progress(run.Id);
        return new(run.Id, run.Dataset.Name, run.ScenarioName, run.Split.Resample, run.Seed, status.Succeeded, status.Ended,
            status.Generation, status.Stages,
            latest is not null && status.Stages.Any(s => s.Stage == latest.Stage && s.Status is StageStatus.Sent) ? latest : null, withSpec
            ? run : null);
    }
}
