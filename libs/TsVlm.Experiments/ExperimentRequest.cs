using TsVlm.Contracts;
using TsVlm.Experiments.Grid;
using TsVlm.Representations.Rationales;

namespace TsVlm.Experiments;

/// <summary>What a user asks for: data sets x scenarios and baselines x resamples x seeds.</summary>
public sealed record ExperimentRequest
{
    /// <summary>Folder of data sets in the archives' layout; null for the built-in ones.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Names of data sets; none means all of them, unless there are stored ones.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];

    /// <summary>Data sets that are in the artifact store already.</summary>
    public IReadOnlyList<DatasetReference> Stored { get; init; } = [];

    /// <summary>The scenarios and baselines.</summary>
    public required ScenarioGrid Grid { get; init; }

    /// <summary><c>official</c> or <c>80-10-10</c>.</summary>
    public string Protocol { get; init; } = "official";

    /// <summary>Resamples of the split; 0 is the archive's own.</summary>
    public IReadOnlyList<int> Resamples { get; init; } = [0];

    /// <summary>Seeds of the training.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [0];

    /// <summary>Rationales that every scenario with rationales takes instead of its own source; null for none.</summary>
    public RationaleFile? Rationales { get; init; }

    /// <summary><c>tiny</c> or a model folder.</summary>
    public string Model { get; init; } = "tiny";

    /// <summary>The request as a report shows it.</summary>
    public IReadOnlyList<ReportSetting> Facts() =>
    [
        new("data", Stored.Count > 0 && Datasets.Count == 0 ? "uploaded" : DataDirectory ?? "built-in"),
        new("scenarios", $"{Grid.Name}: {Grid.Description}"),
        new("protocol", Protocol),
        new("resamples", string.Join(", ", Resamples)),
        new("seeds", string.Join(", ", Seeds)),
        new("model", Model),
        .. Rationales is null ? [] : (ReportSetting[])[new("rationales", $"file with content {Rationales.Hash}")],
    ];
}
