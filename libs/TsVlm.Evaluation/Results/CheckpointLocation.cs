using TsVlm.Artifacts;
using TsVlm.Artifacts.Folders;
using TsVlm.Contracts;

namespace TsVlm.Evaluation.Results;

/// <summary>Finds a trained model by the folder that a user names.</summary>
public static class CheckpointLocation
{
    /// <summary>The checkpoint's own folder, for itself or for a run's folder (<c>OUT/runs/RUN</c>).</summary>
    /// <exception cref="ArtifactException">Neither, or the checkpoint is missing or damaged.</exception>
    public static async Task<string> Resolve(string folder, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(folder);
        if (File.Exists(Path.Combine(path, ArtifactFiles.Fitted))) return path;
        var card = Path.Combine(path, RunCard.FileName);
        if (!File.Exists(card))
            throw new ArtifactException(
                $"{path}: expected a run's folder (with {RunCard.FileName}) or a checkpoint (with {ArtifactFiles.Fitted}), found neither.");
        var run = Json.Read<RunCard>(card).Run;
        if (run.Baseline is not null)
            throw new ArtifactException(
                $"{path}: {run.ScenarioName} is a baseline and has no checkpoint. Name the folder of a scenario's run.");
        var store = new FolderArtifactStore(Path.Combine(path, "..", "..", "artifacts"));
        return await store.Fetch(ArtifactKeys.Checkpoint(run), cancellationToken);
    }
}
