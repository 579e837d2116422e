using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.Pretraining.Files;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.Pretraining;

/// <summary>
/// A pretrained model on disk: a Hugging Face folder, <c>pretraining.json</c> (the settings that made it; written last),
/// <c>pretraining.csv</c> (loss of each step), and, until it is finished, <c>snapshot/</c> with the settings too.
/// </summary>
public sealed class PretrainedFolder
{
    private readonly string path;
    private readonly ModelFolder start;
    private readonly PretrainingSettings settings;

    /// <summary>Takes up the folder, which is new, empty, or holds this very pretraining.</summary>
    /// <exception cref="CheckpointException">It holds something else.</exception>
    public PretrainedFolder(string path, ModelFolder start, PretrainingSettings settings)
    {
        this.path = path;
        this.start = start;
        this.settings = settings;
        Recover();
        if (IsFinished || !Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any()) return;
        var unfinished = Path.Combine(SnapshotPath, PretrainingFile.Name);
        if (File.Exists(unfinished) && File.ReadAllText(unfinished) == Text) return;
        var found = new[] { SettingsPath, unfinished }.FirstOrDefault(File.Exists);
        var other = found is null
            ? "other files" : $"{(found == unfinished ? "an unfinished pretraining" : "a model pretrained")} with {OneLine(File.ReadAllText(found))}";
        throw new CheckpointException(
            $"{path}: expected a new or empty folder, or this very pretraining ({OneLine(Text)}), found {other}. Name another folder.");
    }

    /// <summary>Whether this very pretraining has ended here.</summary>
    public bool IsFinished => File.Exists(SettingsPath) && File.ReadAllText(SettingsPath) == Text;

    /// <summary>Folder of the newest snapshot; null where there is none.</summary>
    public string? Snapshot => Directory.Exists(SnapshotPath) ? SnapshotPath : null;

    private string SettingsPath => Path.Combine(path, PretrainingFile.Name);

    private string SnapshotPath => Path.Combine(path, "snapshot");

    private string DraftPath => SnapshotPath + ".tmp";

    private string Text => JsonSerializer.Serialize(settings, ContractJson.Indented);

    /// <summary>Writes a snapshot in place of the one before; one that is cut short leaves that one.</summary>
    public void Save(TrainingState state)
    {
        if (Directory.Exists(DraftPath)) Directory.Delete(DraftPath, recursive: true);
        state.Save(DraftPath);
        File.WriteAllText(Path.Combine(DraftPath, PretrainingFile.Name), Text);
        if (Directory.Exists(SnapshotPath)) Directory.Delete(SnapshotPath, recursive: true);
        Directory.Move(DraftPath, SnapshotPath);
    }

    /// <summary>Writes the model and removes the snapshot.</summary>
    public void Finish(Llava model, FineTuningResult result)
    {
        Checkpoint.Save(model, path, start.Path);
        TrainingLog.Write(Path.Combine(path, "pretraining.csv"), result);
        File.WriteAllText(SettingsPath, Text);
        if (Directory.Exists(SnapshotPath)) Directory.Delete(SnapshotPath, recursive: true);
    }

    /// <summary>
    /// A process that was killed while it wrote a snapshot left a draft: whole if its settings are there, which come last.
    /// </summary>
    private void Recover()
    {
        if (!Directory.Exists(DraftPath)) return;
        if (File.Exists(Path.Combine(DraftPath, PretrainingFile.Name)) && !Directory.Exists(SnapshotPath)) Directory.Move(DraftPath, SnapshotPath);
        else Directory.Delete(DraftPath, recursive: true);
    }

    private static string OneLine(string json) => string.Join(' ', json.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
