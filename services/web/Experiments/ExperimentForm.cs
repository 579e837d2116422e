using System.Text.Json;
using System.Text.Json.Nodes;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Web.Grids;

namespace TsVlm.Web.Experiments;

/// <summary>What a user has chosen for a new experiment.</summary>
internal sealed record ExperimentForm
{
    /// <summary>The preset that is chosen where nothing else is.</summary>
    public const string DefaultPreset = "quick";

    /// <summary>Names of data sets of the catalog.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];

    /// <summary>Data sets that are in the store and not in the catalog.</summary>
    public IReadOnlyList<DatasetReference> Stored { get; init; } = [];

    /// <summary>Name of the preset; null where the grid is edited as JSON.</summary>
    public string? Preset { get; init; } = DefaultPreset;

    /// <summary>The grid as JSON, where it is edited.</summary>
    public string Json { get; init; } = "";

    /// <summary><c>official</c> or <c>80-10-10</c>.</summary>
    public string Protocol { get; init; } = "official";

    /// <summary>Resamples of the split, as people write them.</summary>
    public string Resamples { get; init; } = "0";

    /// <summary>Seeds, as people write them.</summary>
    public string Seeds { get; init; } = "0";

    /// <summary><c>tiny</c>, or the name of a model of the server.</summary>
    public string Model { get; init; } = "tiny";

    /// <summary>What is submitted, or what is wrong with the form itself; everything else the server says.</summary>
    public (ExperimentSubmission? Submission, string? Error) ToSubmission()
    {
        if (Datasets.Count + Stored.Count == 0) return (null, "data sets: expected one or more, found none. Choose some above.");
        var (resamples, resampleError) = NumberList.Parse("resamples", Resamples);
        var (seeds, seedError) = NumberList.Parse("seeds", Seeds);
        if ((resampleError ?? seedError) is { } error) return (null, error);
        JsonNode grid;
        try
        {
            grid = Preset is not null ? JsonValue.Create(Preset) : JsonNode.Parse(Json) ?? throw new JsonException("found null");
        }
        catch (JsonException wrong)
        {
            return (null, $"grid({(wrong.LineNumber ?? 0) + 1}): expected JSON, found something else at column {(wrong.BytePositionInLine ?? 0) + 1}.");
        }
        return (new()
        {
            Grid = grid,
            Datasets =
            [
                .. Datasets.Select(name => (JsonNode)JsonValue.Create(name)),
                .. Stored.Select(dataset => JsonSerializer.SerializeToNode(dataset, ContractJson.Compact)!),
            ],
            Protocol = Protocol,
            Resamples = resamples,
            Seeds = seeds,
            Model = Model.Trim(),
        }, null);
    }

    /// <summary>What makes the same experiment again.</summary>
    /// <param name="title">Name of its grid.</param>
    /// <param name="runs">Its runs.</param>
    /// <param name="catalog">Names of the data sets of the catalog.</param>
    public static ExperimentForm Of(string title, IReadOnlyList<RunSpec> runs, IReadOnlyCollection<string> catalog)
    {
        var (datasets, tuned) = (runs.Select(run => run.Dataset).Distinct().ToList(), runs.Select(run => run.FineTuned).OfType<FineTunedModel>().ToList());
        var grid = new JsonObject
        {
            ["name"] = title,
            ["baselines"] = new JsonArray([.. runs.Select(run => run.Baseline).OfType<string>().Distinct().Select(name => JsonValue.Create(name))]),
            ["scenarios"] = new JsonArray([.. tuned.Select(model => model.Scenario).DistinctBy(scenario => scenario.Name)
                .Select(scenario => JsonSerializer.SerializeToNode(scenario, ContractJson.Compact))]),
        };
        return new()
        {
            Datasets = [.. datasets.Select(dataset => dataset.Name).Where(catalog.Contains).Distinct()],
            Stored = [.. datasets.Where(dataset => !catalog.Contains(dataset.Name))],
            Preset = null,
            Json = GridText.Format(grid),
            Protocol = runs[0].Split.Protocol,
            Resamples = NumberList.Text(runs.Select(run => run.Split.Resample)),
            Seeds = NumberList.Text(runs.Select(run => run.Seed)),
            Model = tuned.FirstOrDefault()?.Model.Location ?? "tiny",
        };
    }
}
