using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations;
using TsVlm.ServiceDefaults;

namespace TsVlm.Scenarios;

/// <summary>The least that submitting, watching and cancelling an experiment needs; the rest of the API grows from here.</summary>
public static class ExperimentEndpoints
{
    /// <summary>Registers what the endpoints need.</summary>
    /// <exception cref="SettingException">The key that requests must carry is missing.</exception>
    public static void AddApi(this ServiceHost service) => service.Builder.Services.AddSingleton(ApiAccess.Read(service));

    /// <summary>Maps the endpoints.</summary>
    public static void MapApi(this WebApplication app)
    {
        var experiments = app.MapGroup("/experiments").AddEndpointFilter(app.Services.GetRequiredService<ApiAccess>().Check);
        experiments.MapPost("/", Submit);
        experiments.MapGet("/{id}", Show);
        experiments.MapPost("/{id}/cancel", Cancel);
    }

    private static async Task<IResult> Submit(HttpRequest http, Launcher launcher, DatasetCatalog catalog, CancellationToken stop)
    {
        try
        {
            var submitted = await JsonSerializer.DeserializeAsync<SubmittedExperiment>(http.Body, ContractJson.Compact, stop)
                ?? throw new JsonException("The body is null; expected an experiment.");
            var experiment = await launcher.Launch(submitted.ToRequest(catalog), stop, $"POST {http.Path}");
            return Results.Json(new { experiment.Id, Runs = experiment.Runs.Select(run => run.Id) }, ContractJson.Indented, statusCode: StatusCodes.Status202Accepted);
        }
        catch (Exception error) when (error is JsonException or GridException or DataException or RepresentationException or DirectoryNotFoundException)
        {
            return Results.Problem(error.Message, statusCode: StatusCodes.Status400BadRequest, title: "The experiment cannot be run as asked for.");
        }
    }

    private static async Task<IResult> Show(string id, RunStore runs, ReportStore reports, CancellationToken stop)
    {
        if (await reports.Find(id, stop) is not { } experiment) return NotFound(id);
        var states = await runs.Runs(id, stop);
        return Results.Json(new
        {
            experiment.Id,
            experiment.Facts.Title,
            Ended = states.All(run => run.Ended),
            experiment.Report,
            experiment.ReportHash,
            experiment.ReportReason,
            Runs = states.Select(run => new { run.Run.Id, run.Succeeded, run.Ended, run.Run, run.Stages }),
        }, ContractJson.Indented);
    }

    private static async Task<IResult> Cancel(string id, RunStore runs, ReportStore reports, Reconciler reconciler, IBus bus, CancellationToken stop)
    {
        if (await reports.Find(id, stop) is null) return NotFound(id);
        var cancelled = await runs.Cancel(id, stop);
        foreach (var message in cancelled) await bus.Publish(message, stop);
        reconciler.Wake();
        return Results.Json(new { Cancelled = cancelled.Select(message => message.RunId) }, ContractJson.Indented);
    }

    private static IResult NotFound(string id) =>
        Results.Problem($"Expected the id of an experiment, found '{id}'.", statusCode: StatusCodes.Status404NotFound, title: "There is no such experiment.");
}

/// <summary>The body of a submitted experiment: a request whose grid is the name of a preset, or a grid itself.</summary>
internal sealed record SubmittedExperiment
{
    public required JsonNode Grid { get; init; }

    public IReadOnlyList<string> Datasets { get; init; } = [];

    public string Protocol { get; init; } = "official";

    public IReadOnlyList<int> Resamples { get; init; } = [0];

    public IReadOnlyList<int> Seeds { get; init; } = [0];

    public string Model { get; init; } = "tiny";

    public ExperimentRequest ToRequest(DatasetCatalog catalog)
    {
        if (Resamples.Count == 0 || Seeds.Count == 0) throw new GridException("resamples, seeds: expected at least one number each, found none.");
        if (Datasets.Where(name => name != "all").Except(catalog.Names).ToList() is { Count: > 0 } unknown)
            throw new DataException($"datasets: expected some of {string.Join(", ", catalog.Names.Take(50))}, found {string.Join(", ", unknown)}.");
        return new()
        {
            DataDirectory = catalog.Directory,
            Datasets = Datasets,
            Grid = Grid.GetValueKind() is JsonValueKind.String ? Preset((string)Grid!) : ScenarioGrid.Parse(Grid.ToJsonString(), "grid"),
            Protocol = Protocol,
            Resamples = Resamples,
            Seeds = Seeds,
            Model = Model,
        };
    }

    /// <summary>Presets only: a path would read files of the server.</summary>
    private static ScenarioGrid Preset(string name) => ScenarioPresets.Names.Contains(name)
        ? ScenarioPresets.Open(name)
        : throw new GridException($"grid: expected a grid, or one of the presets {string.Join(", ", ScenarioPresets.Names)}, found '{name}'.");
}
