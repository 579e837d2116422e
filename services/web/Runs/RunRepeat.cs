using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Data.Canonical;
using TsVlm.Data.Generators;

namespace TsVlm.Web.Runs;

/// <summary>
/// How one run is repeated: with <c>tsvlm run</c>, and by a request to a server. Both ask for this run and no other; only a baseline has one
/// beside it, since a grid has at least one scenario.
/// </summary>
internal static class RunRepeat
{
    /// <summary>The file that the command reads.</summary>
    public const string GridName = "grid.json";

    // Shows nothing and trains nothing: the cheapest there is.
    private const string LeastScenario = """{ "name": "control", "representation": { "arm": "blank-image", "text": "NONE" }, "recipe": { "epochs": 0 } }""";

    private static readonly ConcurrentDictionary<string, string> BuiltIn = new();
    private static readonly JsonSerializerOptions Indented = new(ContractJson.Compact) { WriteIndented = true };

    /// <summary>A grid with this scenario, or with this baseline and the least scenario.</summary>
    public static JsonObject Grid(RunSpec run)
    {
        var grid = new JsonObject { ["name"] = run.ScenarioName };
        if (run.Baseline is not null) grid["baselines"] = new JsonArray(run.Baseline);
        grid["scenarios"] = new JsonArray(run.FineTuned is { } tuned
            ? JsonSerializer.SerializeToNode(tuned.Scenario, ContractJson.Compact) : JsonNode.Parse(LeastScenario));
        return grid;
    }

    /// <summary>The grid as a file.</summary>
    public static string GridText(RunSpec run) => Grid(run).ToJsonString(Indented);

    /// <summary>The command, which reads the grid from <see cref="GridName"/>.</summary>
    public static string Command(RunSpec run)
    {
        string[] parts =
        [
            "tsvlm run", .. IsBuiltIn(run.Dataset) ? Array.Empty<string>() : ["--data DIR"], $"--datasets {Quoted(run.Dataset.Name)}",
            $"--scenarios {GridName}", $"--protocol {run.Split.Protocol}", string.Create(CultureInfo.InvariantCulture, $"--resamples {run.Split.Resample}"),
            string.Create(CultureInfo.InvariantCulture, $"--seed {run.Seed}"),
            .. run.FineTuned is { Model.Location: not "tiny" and var model } ? [$"--model {Quoted(model)}"] : Array.Empty<string>(),
        ];
        return string.Join(' ', parts);
    }

    /// <summary>The body of the request.</summary>
    public static ExperimentSubmission Submission(RunSpec run) => new()
    {
        Grid = Grid(run),
        Datasets = [JsonSerializer.SerializeToNode(run.Dataset, ContractJson.Compact)!],
        Protocol = run.Split.Protocol,
        Resamples = [run.Split.Resample],
        Seeds = [run.Seed],
        Model = run.FineTuned?.Model.Location ?? "tiny",
    };

    /// <summary>The request as a shell would send it.</summary>
    public static string Request(RunSpec run) =>
        "curl -sS -H \"Authorization: Bearer $TSVLM_API_KEY\" -H 'Content-Type: application/json' \\\n  -d "
        + Quoted(JsonSerializer.Serialize(Submission(run), ContractJson.Compact)) + " $server/experiments";

    /// <summary>Whether the program makes this data set by itself, value for value.</summary>
    public static bool IsBuiltIn(DatasetReference dataset) => BuiltInDatasets.Names.Contains(dataset.Name)
        && BuiltIn.GetOrAdd(dataset.Name, name => DatasetFile.ContentHash(BuiltInDatasets.Generate(name))) == dataset.ContentHash;

    /// <summary>A text as one word of a shell.</summary>
    internal static string Quoted(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/')
        ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
