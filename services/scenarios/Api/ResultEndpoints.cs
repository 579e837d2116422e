using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Data.Splits;
using TsVlm.Evaluation.Comparison;
using TsVlm.Scenarios.Experiments;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Api;

/// <summary>Metrics: results of runs, leaderboards and the report.</summary>
internal static class ResultEndpoints
{
    public static void MapResults(this WebApplication app)
    {
        app.MapGet("/leaderboard", Board).WithTags("Results")
            .WithMetadata(PageBounds.Usual, new UsesArtifacts()).WithSummary("Leaderboard of all experiments")
            .WithDescription("Every finished run: mean accuracy and mean rank by scenario over data sets.")
            .Produces<Leaderboard>().ProducesProblem(400);
        var experiment = app.MapGroup("/experiments/{id}").WithTags("Results").WithMetadata(new UsesArtifacts());
        experiment.MapGet("/leaderboard", BoardOf).WithMetadata(PageBounds.Usual).WithSummary("Leaderboard of an experiment")
            .Produces<Leaderboard>().ProducesProblem(404);
        experiment.MapGet("/results", Results).WithMetadata(PageBounds.Large)
            .WithSummary("Metrics of an experiment's runs")
            .WithDescription("The metrics of each finished run as JSON, or with Accept: text/csv as results.csv.")
            .Produces<Page<RunResult>>().ProducesProblem(404).ProducesProblem(409);
        experiment.MapGet("/results.csv", (string id, bool? raw, RunQueries queries, IArtifactStore artifacts, HttpResponse response,
            CancellationToken cancellationToken) =>
                ReportFile(id, ArtifactFiles.Results, raw, queries, artifacts, response, cancellationToken))
            .WithSummary("Metrics as CSV")
            .WithDescription("results.csv of an experiment that has ended. Texts that a spreadsheet would run as a formula have an apostrophe "
                + "before them; raw=true leaves them as they are.")
            .Produces<string>(200, "text/csv").ProducesProblem(404).ProducesProblem(409);
        experiment.MapGet("/report", (string id, RunQueries queries, IArtifactStore artifacts, HttpResponse response,
            CancellationToken cancellationToken) =>
                ReportFile(id, ArtifactFiles.ReportPage, raw: false, queries, artifacts, response, cancellationToken))
            .WithSummary("Report as HTML").WithDescription("The report of an experiment that has ended.")
            .Produces<string>(200, "text/html").ProducesProblem(404).ProducesProblem(409);
    }

    /// <summary>The key of an experiment's report.</summary>
    /// <exception cref="ApiProblem">There is no such experiment, or no report yet.</exception>
    public static async Task<ArtifactKey> ReportOf(string id, RunQueries queries, CancellationToken cancellationToken)
    {
        var (row, counts) = await queries.Experiment(id, cancellationToken) ?? throw ApiProblem.NoExperiment(id);
        if (row is { ReportStatus: StageStatus.Done, ReportHash: { } hash }) return new(ArtifactKind.Report, hash);
        var found = row.ReportReason is { } reason
            ? $"one whose report failed: {reason}"
            : $"one with {counts.Succeeded + counts.Failed + counts.Cancelled} of {counts.Total} runs ended and its report still to come";
        throw new ApiProblem(StatusCodes.Status409Conflict, "There is no report yet.",
            $"Experiment {id}: expected one that has ended, found {found}.");
    }

    private static async Task<Leaderboard> Board(RunQueries queries, RunResults results, string? protocol, int? offset, int? limit,
        CancellationToken cancellationToken)
    {
        var page = PageBounds.Usual.Of(offset, limit);
        protocol ??= Splitter.Official;
        if (!Splitter.Protocols.Contains(protocol))
            throw ApiProblem.BadRequest($"protocol: expected {string.Join(" or ", Splitter.Protocols)}, found '{protocol}'.");
        var runs = await queries.Succeeded(null, cancellationToken);
        return Part(LeaderboardRanking.Of(protocol, await results.Of(runs, cancellationToken)), page);
    }

    private static async Task<Leaderboard> BoardOf(string id, RunQueries queries, RunResults results, int? offset, int? limit,
        CancellationToken cancellationToken)
    {
        var page = PageBounds.Usual.Of(offset, limit);
        var runs = await SucceededOf(id, queries, cancellationToken);
        var protocol = runs is [var first, ..] ? first.Split.Protocol : Splitter.Official;
        return Part(LeaderboardRanking.Of(protocol, await results.Of(runs, cancellationToken)), page);
    }

    private static Leaderboard Part(Leaderboard whole, PageRequest page) =>
        whole with { Offset = page.Offset, Entries = [.. whole.Entries.Skip(page.Offset).Take(page.Limit)] };

    private static async Task<IResult> Results(
        string id, RunQueries queries, RunResults results, IArtifactStore artifacts, HttpRequest request, HttpResponse response,
        bool? raw, int? offset, int? limit, CancellationToken cancellationToken) =>
        request.GetTypedHeaders().Accept.FirstOrDefault(accepted => accepted.MediaType.Value is "text/csv"
            or "application/json") is { MediaType.Value: "text/csv" }
            ? await ReportFile(id, ArtifactFiles.Results, raw, queries, artifacts, response, cancellationToken)
            : TypedResults.Ok(await ResultsOf(await SucceededOf(id, queries, cancellationToken), results, PageBounds.Large.Of(offset, limit),
                cancellationToken));

    private static async Task<Page<RunResult>> ResultsOf(IReadOnlyList<RunSpec> runs, RunResults results, PageRequest page,
        CancellationToken cancellationToken) =>
        new(runs.Count, page.Offset, await results.Of([.. runs.Skip(page.Offset).Take(page.Limit)], cancellationToken));

    private static async Task<IReadOnlyList<RunSpec>> SucceededOf(string id, RunQueries queries, CancellationToken cancellationToken) =>
        await queries.Experiment(id, cancellationToken) is null
        ? throw ApiProblem.NoExperiment(id) : await queries.Succeeded(id, cancellationToken);

    private static async Task<IResult> ReportFile(
        string id, string file, bool? raw, RunQueries queries, IArtifactStore artifacts, HttpResponse response,
        CancellationToken cancellationToken) =>
        await FileEndpoints.Send(artifacts, await ReportOf(id, queries, cancellationToken), file, raw, response, cancellationToken);
}
