using System.Reflection;
using TsVlm.Contracts;

namespace TsVlm.Evaluation.Results;

/// <summary>scenario.json beside a run's results: all that is needed to trace its metrics and to repeat them.</summary>
public sealed record RunCard
{
    /// <summary>Name of the file in a run's folder.</summary>
    public const string FileName = "scenario.json";

    /// <summary>The run: data set with content hash, split, seed, scenario with every setting, model with content hash.</summary>
    public required RunSpec Run { get; init; }

    /// <summary>Version and commit of the code.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>Paths of the run's artifacts below <c>artifacts/</c>, in the order of the stages.</summary>
    public required IReadOnlyList<ArtifactKey> Artifacts { get; init; }

    /// <summary>Version and commit of this program.</summary>
    public static string ThisCode { get; } =
        typeof(RunCard).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The card of a run.</summary>
    public static RunCard Of(RunSpec run) => new()
    {
        Run = run,
        CodeVersion = ThisCode,
        Artifacts = run.Baseline is null
            ? [ArtifactKeys.Dataset(run.Dataset), .. Given(run), ArtifactKeys.Samples(run), ArtifactKeys.Checkpoint(run),
                ArtifactKeys.Evaluation(run)]
            : [ArtifactKeys.Dataset(run.Dataset), ArtifactKeys.Evaluation(run)],
    };

    private static IEnumerable<ArtifactKey> Given(RunSpec run) => ArtifactKeys.Rationales(run) is { } rationales ? [rationales] : [];
}
