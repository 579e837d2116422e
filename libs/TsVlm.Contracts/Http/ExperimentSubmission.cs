using System.Text.Json.Nodes;

namespace TsVlm.Contracts.Http;

/// <summary>The body of a submitted experiment.</summary>
public sealed record ExperimentSubmission
{
    /// <summary>The name of a preset, or a grid itself (docs/grid.schema.json).</summary>
    public required JsonNode Grid { get; init; }

    /// <summary>Names of the catalog, and references as POST /datasets answered them; none means the whole catalog.</summary>
    public IReadOnlyList<JsonNode> Datasets { get; init; } = [];

    /// <summary><c>official</c> or <c>80-10-10</c>.</summary>
    public string Protocol { get; init; } = "official";

    /// <summary>Resamples of the split; 0 is the archive's own.</summary>
    public IReadOnlyList<int> Resamples { get; init; } = [0];

    /// <summary>Seeds of the training.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [0];

    /// <summary><c>tiny</c>, or the name of a model of the services.</summary>
    public string Model { get; init; } = "tiny";

    /// <summary>The command that asks for it, as the report shows it.</summary>
    public string? Command { get; init; }
}
