using TsVlm.Artifacts;
using TsVlm.Contracts;

namespace TsVlm.Chaos;

/// <summary>What a store holds, for comparison: every file with its hash, and what should not be there.</summary>
/// <param name="Files">Hash by path, of samples, checkpoints and evaluations; without the files that tell how long something took.</param>
/// <param name="NumArtifacts">Number of complete artifacts.</param>
/// <param name="NumLeftovers">Attempts that no manifest names.</param>
/// <param name="NumSnapshots">Keys with snapshots although their artifact is complete.</param>
/// <param name="Damage">Files that are not as their manifest says.</param>
internal sealed record StoreContents(
    SortedDictionary<string, string> Files, int NumArtifacts, int NumLeftovers, int NumSnapshots, IReadOnlyList<string> Damage)
{
    private static readonly string[] Times = ["stage.json", "result.json"];

    /// <summary>Reads every byte.</summary>
    public static async Task<StoreContents> Of(IArtifactStore store)
    {
        var parts = await store.List(CancellationToken.None).ToListAsync();
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var damage = new List<string>();
        var whole = parts.Where(part => part.Kind is StoredPartKind.Artifact).ToList();
        foreach (var twice in whole.GroupBy(part => part.Key).Where(group => group.Count() > 1))
            damage.Add($"{twice.Key.Path}: {twice.Count()} complete artifacts");
        foreach (var key in whole.Select(part => part.Key)
            .Where(key => key.Kind is ArtifactKind.Samples or ArtifactKind.Checkpoint or ArtifactKind.Evaluation))
        {
            foreach (var file in (await store.Find(key, CancellationToken.None))!.Files)
            {
                if (!Times.Contains(file.Name)) files[$"{key.Path}/{file.Name}"] = file.Sha256;
                try
                {
                    await using var content = await store.OpenRead(key, file.Name, CancellationToken.None);
                    await content.CopyToAsync(Stream.Null);
                }
                catch (ArtifactException error)
                {
                    damage.Add(error.Message);
                }
            }
        }
        return new(files, whole.Count, parts.Count(part => part.Kind is StoredPartKind.Leftover),
            parts.Count(part => part.Kind is StoredPartKind.Snapshots), damage);
    }
}
