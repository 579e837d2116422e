using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Experiments.Grid;
using TsVlm.Representations.Rationales;

namespace TsVlm.Scenarios.Experiments;

/// <summary>
/// Brings a file of rationales into the artifact store in canonical form, and its content's hash into the scenarios that learn from it.
/// </summary>
public sealed class RationaleImport(IArtifactStore artifacts)
{
    /// <summary>The scenarios, those with rationales with the file's; all as they are where there is no file.</summary>
    /// <exception cref="GridException">No scenario has rationales.</exception>
    public static IReadOnlyList<Scenario> Apply(RationaleFile? file, IReadOnlyList<Scenario> scenarios)
    {
        if (file is null) return scenarios;
        if (scenarios.All(s => s.Representation.Rationale is null))
            throw new GridException(
                "--rationales: expected scenarios with representation.rationale, which say how the rationales are learnt, found none. "
                + "Take the preset study-rationale, or leave --rationales out.");
        return
        [
            .. scenarios.Select(s => s.Representation.Rationale is { } rationale
                ? s with { Representation = s.Representation with { Rationale = rationale with { Source = file.Hash } } }
                : s),
        ];
    }

    /// <summary>Stores the file, unless it is there.</summary>
    public async Task Run(RationaleFile file, CancellationToken cancellationToken)
    {
        var key = new ArtifactKey(ArtifactKind.Rationales, file.Hash);
        if (await artifacts.Find(key, cancellationToken) is not null) return;
        var folder = artifacts.CreateWorkFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, ArtifactFiles.Rationales), file.Text, cancellationToken);
        await artifacts.Publish(key, folder, cancellationToken);
    }
}
