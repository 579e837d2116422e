using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Representations;
using TsVlm.VisionLanguage;

namespace TsVlm.Pretraining;

/// <summary>
/// A pretrained model on disk: a Hugging Face folder, <c>pretraining.json</c> (the settings that made it; written last), <c>pretraining.csv</c> (loss of each
/// step), and, until it is finished, <c>snapshot/</c>.
/// </summary>
public sealed class PretrainedFolder
{
    private const string SettingsFile = "pretraining.json";
    private readonly string path;
    private readonly ModelFolder start;
    private readonly PretrainingSettings settings;

    /// <summary>Takes up the folder, which is new, empty, or holds this very pretraining.</summary>
    /// <exception cref="CheckpointException">It holds something else.</exception>
    public PretrainedFolder(string path, ModelFolder start, PretrainingSettings settings)
    {
        (this.path, this.start, this.settings) = (path, start, settings);
        if (IsFinished || !Directory.Exists(path) || Directory.Exists(SnapshotPath) || !Directory.EnumerateFileSystemEntries(path).Any()) return;
        var other = File.Exists(SettingsPath) ? $"a model pretrained with {File.ReadAllText(SettingsPath).ReplaceLineEndings(" ")}" : "other files";
        throw new CheckpointException($"{path}: expected a new or empty folder, or an unfinished pretraining, found {other}. Name another folder.");
    }

    /// <summary>Whether this very pretraining has ended here.</summary>
    public bool IsFinished => File.Exists(SettingsPath) && File.ReadAllText(SettingsPath) == Text;

    /// <summary>Folder of the newest snapshot; null where there is none.</summary>
    public string? Snapshot => Directory.Exists(SnapshotPath) ? SnapshotPath : null;

    private string SettingsPath => Path.Combine(path, SettingsFile);

    private string SnapshotPath => Path.Combine(path, "snapshot");

    private string Text => JsonSerializer.Serialize(settings, ContractJson.Indented);

    /// <summary>Writes a snapshot in place of the one before; one that is cut short leaves that one.</summary>
    public void Save(TrainingState state)
    {
        var draft = SnapshotPath + ".tmp";
        if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        state.Save(draft);
        if (Directory.Exists(SnapshotPath)) Directory.Delete(SnapshotPath, recursive: true);
        Directory.Move(draft, SnapshotPath);
    }

    /// <summary>Writes the model and removes the snapshot.</summary>
    public void Finish(Llava model, FineTuningResult result)
    {
        Checkpoint.Save(model, path, start.Path);
        TrainingLog.Write(Path.Combine(path, "pretraining.csv"), result.Steps);
        File.WriteAllText(SettingsPath, Text);
        if (Directory.Exists(SnapshotPath)) Directory.Delete(SnapshotPath, recursive: true);
    }
}
