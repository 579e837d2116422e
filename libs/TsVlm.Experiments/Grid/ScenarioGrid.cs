using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TsVlm.Contracts;
using TsVlm.Data;

namespace TsVlm.Experiments.Grid;

/// <summary>
/// A grid file: settings that all scenarios share, scenarios by name, and axes whose values are combined with each other
/// and with every scenario. A setting is named by its path, such as <c>representation.contextLength</c>.
/// </summary>
public sealed record ScenarioGrid
{
    private static readonly JsonSerializerOptions FileFormat = new(ContractJson.Compact)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Where editors find the schema; has no effect.</summary>
    [JsonPropertyName("$schema"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Schema { get; init; }

    /// <summary>Name of the grid.</summary>
    public required string Name { get; init; }

    /// <summary>What the grid is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>Baselines to run on the same splits.</summary>
    public IReadOnlyList<string> Baselines { get; init; } = [];

    /// <summary>Settings of every scenario.</summary>
    public JsonObject Defaults { get; init; } = [];

    /// <summary>Scenarios, each with what differs from the defaults; none means one with the defaults alone.</summary>
    public IReadOnlyList<JsonObject> Scenarios { get; init; } = [];

    /// <summary>Values of each setting to combine.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonNode>> Axes { get; init; } = new Dictionary<string, IReadOnlyList<JsonNode>>();

    /// <summary>Reads a grid file.</summary>
    /// <exception cref="GridException">The file is not there or not a grid.</exception>
    /// <exception cref="DataException">A byte of it is no text.</exception>
    public static ScenarioGrid Read(string path)
    {
        if (!File.Exists(path))
            throw new GridException(
                $"{path}: expected a preset ({string.Join(", ", ScenarioPresets.Names)}) or a grid file, found neither.");
        return Parse(TextFile.Read(path), path);
    }

    /// <summary>Parses a grid; <paramref name="source"/> is what errors call it.</summary>
    /// <exception cref="GridException">The text is not a grid.</exception>
    public static ScenarioGrid Parse(string json, string source)
    {
        SchemaCheck.Run(Encoding.UTF8.GetBytes(json), source, GridSchema.Root, isFile: true);
        try
        {
            return JsonSerializer.Deserialize<ScenarioGrid>(json, FileFormat)
                ?? throw new GridException($"{source}: expected a grid, found null.");
        }
        catch (JsonException error)
        {
            throw new GridException(
                $"{source}({error.LineNumber + 1}): expected a grid as docs/grid.schema.json describes it, found something else at {error.Path}.");
        }
    }
}

/// <summary>A grid that cannot be expanded; the message says where, what was expected and what was found.</summary>
public sealed class GridException(string message) : Exception(message), IUserFacingError;
