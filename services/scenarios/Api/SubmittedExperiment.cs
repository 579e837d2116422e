using System.Text.Json;
using System.Text.Json.Nodes;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Data;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Scenarios.Experiments;

namespace TsVlm.Scenarios.Api;

/// <summary>What the body of a submitted experiment may hold, and what it asks for.</summary>
internal static class SubmittedExperiment
{
    private const int MaxNamesShown = 10;

    /// <summary>What a body may hold; the grid is compared with a schema of its own.</summary>
    public static JsonObject Schema { get; } = new()
    {
        ["required"] = new JsonArray("grid"),
        ["properties"] = new JsonObject
        {
            ["grid"] = new JsonObject(),
            ["datasets"] = new JsonObject
            {
                ["maxItems"] = ApiBounds.MaxDatasets,
                ["items"] = new JsonObject
                {
                    ["type"] = new JsonArray("string", "object"),
                    ["maxLength"] = ApiBounds.MaxNameCharacters,
                    ["required"] = new JsonArray("name", "contentHash"),
                    ["properties"] = new JsonObject
                    {
                        ["name"] = Text(ApiBounds.MaxNameCharacters), ["contentHash"] = Text(ApiBounds.MaxNameCharacters),
                    },
                },
            },
            ["protocol"] = Text(ApiBounds.MaxNameCharacters),
            ["resamples"] = Numbers(),
            ["seeds"] = Numbers(),
            ["model"] = Text(ApiBounds.MaxNameCharacters),
            ["command"] = new JsonObject { ["type"] = new JsonArray("string", "null"), ["maxLength"] = ApiBounds.MaxCommandCharacters },
        },
    };

    /// <exception cref="GridException">A number is out of bounds, or there are too many runs.</exception>
    /// <exception cref="DataException">A data set is unknown.</exception>
    public static ExperimentRequest ToRequest(this ExperimentSubmission submitted, DatasetCatalog catalog, int mostRuns)
    {
        CheckNumbers("resamples", submitted.Resamples);
        CheckNumbers("seeds", submitted.Seeds);
        List<string> names = [.. submitted.Datasets.Where(IsName).Select(name => (string)name!)];
        List<DatasetReference> stored = [.. submitted.Datasets.Where(dataset => !IsName(dataset)).Select(Reference).Distinct()];
        if (names.Where(name => name != "all").Except(catalog.Names).ToList() is { Count: > 0 } unknown)
            throw new DataException(
                $"datasets: expected some of {string.Join(", ", catalog.Names.Take(50))}, found {string.Join(", ", unknown.Take(MaxNamesShown))}.");
        if (names.All(name => name == "all") && (names.Count > 0 || stored.Count == 0) && catalog.Names.Count == 0)
            throw new DataException("datasets: expected data sets in the catalog of the service, found none. Store one with POST /datasets.");
        var grid = submitted.Grid.GetValueKind() is JsonValueKind.String
            ? Preset((string)submitted.Grid!) : ScenarioGrid.Parse(submitted.Grid.ToJsonString(), "grid");
        var numDatasets = (names.Count > 0 || stored.Count == 0 ? catalog.Select(names).Count : 0) + stored.Count;
        CheckSize(grid, numDatasets, submitted.Resamples.Count * submitted.Seeds.Count, mostRuns);
        return new()
        {
            DataDirectory = catalog.Directory,
            Datasets = names,
            Stored = stored,
            Grid = grid,
            Protocol = submitted.Protocol,
            Resamples = [.. submitted.Resamples.Distinct()],
            Seeds = [.. submitted.Seeds.Distinct()],
            Model = submitted.Model,
        };
    }

    private static JsonObject Text(int maxLength) => new() { ["type"] = "string", ["maxLength"] = maxLength };

    private static JsonObject Numbers() => new()
    {
        ["type"] = "array", ["maxItems"] = ApiBounds.MaxRepetitions, ["items"] = new JsonObject { ["type"] = "integer" },
    };

    private static bool IsName(JsonNode? dataset) => dataset?.GetValueKind() is JsonValueKind.String;

    private static DatasetReference Reference(JsonNode? dataset)
    {
        var reference = dataset.Deserialize<DatasetReference>(ContractJson.Compact);
        if (reference is not { Name.Length: > 0, ContentHash: not null })
            throw new DataException(
                "datasets: expected names, or references with name and contentHash, found something else. GET /datasets lists the names.");
        DatasetUpload.CheckHash(reference.ContentHash);
        return reference;
    }

    private static void CheckNumbers(string what, IReadOnlyList<int> numbers)
    {
        if (numbers.Count is 0 or > ApiBounds.MaxRepetitions)
            throw new GridException($"{what}: expected 1 to {ApiBounds.MaxRepetitions} numbers, found {numbers.Count}.");
        if (numbers.Any(number => number < 0))
            throw new GridException($"{what}: expected numbers of 0 or more, found {numbers.First(number => number < 0)}.");
    }

    /// <summary>Counted before the axes are combined, whose product may be more than memory holds.</summary>
    private static void CheckSize(ScenarioGrid grid, int numDatasets, int numRepetitions, int mostRuns)
    {
        var numScenarios = grid.Axes.Values.Aggregate(
            (double)Math.Max(1, grid.Scenarios.Count), (product, values) => product * values.Count);
        var numRuns = (numScenarios + grid.Baselines.Count) * numDatasets * numRepetitions;
        if (numRuns > mostRuns)
            throw new GridException($"Expected at most {mostRuns} runs (data sets x resamples x seeds x scenarios and baselines), "
                + $"found {numRuns:0}. Ask for less, or raise Api__MaxRuns.");
    }

    /// <summary>Presets only: a path would read files of the server.</summary>
    private static ScenarioGrid Preset(string name) => ScenarioPresets.Names.Contains(name)
        ? ScenarioPresets.Open(name)
        : throw new GridException(
            $"grid: expected a grid, or one of the presets {string.Join(", ", ScenarioPresets.Names)}, "
            + $"found '{(name.Length > ApiBounds.MaxNameCharacters ? name[..ApiBounds.MaxNameCharacters] + "…" : name)}'.");
}
