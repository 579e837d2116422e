using System.Text.Json.Nodes;

namespace TsVlm.Contracts.Http;

/// <summary>A grid that is part of the program.</summary>
/// <param name="Name">What an experiment names as its grid.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Grid">The grid, to be changed and submitted itself.</param>
public sealed record PresetResponse(string Name, string Description, JsonObject Grid);
