using System.Text.Json.Serialization;

namespace TsVlm.Contracts;

/// <summary>One row of the results: a scenario or a baseline on one data set, at one resample and seed.</summary>
public sealed record RunSpec
{
    /// <summary>Longest <see cref="Id"/>: file systems take names of 255 bytes.</summary>
    public const int MaxIdLength = 255;

    /// <summary>The data.</summary>
    public required DatasetReference Dataset { get; init; }

    /// <summary>How the data is split.</summary>
    public required SplitReference Split { get; init; }

    /// <summary>Seed of the weights made at the start, of the order of the samples and of dropout.</summary>
    public required int Seed { get; init; }

    /// <summary>The scenario and the model it trains; null for a baseline.</summary>
    public FineTunedModel? FineTuned { get; init; }

    /// <summary>Name of the baseline, such as <c>1nn-dtw</c>; null for a scenario.</summary>
    public string? Baseline { get; init; }

    /// <summary>What the results call it: the scenario's name, or <c>baseline:NAME</c>.</summary>
    [JsonIgnore]
    public string ScenarioName => FineTuned?.Scenario.Name ?? $"baseline:{Baseline}";

    /// <summary>Folder name of the run: readable, unique within an experiment and equal whenever the run is the same.</summary>
    [JsonIgnore]
    public string Id
    {
        get
        {
            var readable = $"{Dataset.Name}.{Split.Protocol}-{Split.Resample}.s{Seed}.{ScenarioName}";
            var safe = string.Concat(readable.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-'));
            return $"{safe}.{ContentHash.Of(Placeless())[..8]}";
        }
    }

    /// <summary>The run without the place of its model, which does not matter to what it makes.</summary>
    public RunSpec Placeless() =>
        this with { FineTuned = FineTuned is { } tuned ? tuned with { Model = tuned.Model with { Location = "" } } : null };
}

/// <summary>A data set by name and content.</summary>
/// <param name="Name">What the archive calls it.</param>
/// <param name="ContentHash">SHA-256 of its canonical form: every value and label, in order.</param>
public sealed record DatasetReference(string Name, string ContentHash);

/// <summary>How a data set is split into training, validation and test.</summary>
/// <param name="Protocol"><c>official</c> or <c>80-10-10</c>.</param>
/// <param name="Resample">0 is the archive's own split (official); others are seeded by this number.</param>
public sealed record SplitReference(string Protocol, int Resample);

/// <summary>A scenario and the model it trains.</summary>
/// <param name="Scenario">Representation and recipe.</param>
/// <param name="Model">The model before training.</param>
public sealed record FineTunedModel(Scenario Scenario, ModelReference Model);

/// <summary>A model folder by place and content.</summary>
/// <param name="Name">What the results call it.</param>
/// <param name="Location">
/// <c>tiny</c> for the embedded model, else a Hugging Face folder: its path, or its name below <c>Models__Directory</c>.
/// </param>
/// <param name="ContentHash">SHA-256 over the folder's files.</param>
public sealed record ModelReference(string Name, string Location, string ContentHash);
