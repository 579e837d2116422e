using TsVlm.Contracts;
using TsVlm.Contracts.Http;

namespace TsVlm.Web.Experiments;

/// <summary>A run as a page shows it while it goes on.</summary>
public sealed class LiveRun(RunResponse run)
{
    private const int MaxLosses = 400;
    private readonly List<(double Epoch, double Loss)> losses = [];

    /// <summary>How far it is.</summary>
    public RunResponse Run { get; private set; } = run;

    /// <summary>Its metrics, once they are known.</summary>
    public RunResult? Result { get; set; }

    /// <summary>Training losses by epoch, as far as this page has heard.</summary>
    public IReadOnlyList<(double Epoch, double Loss)> Losses => losses;

    /// <summary>The stage under way, or the one that failed; null where none is.</summary>
    public StageState? Current => Run.Stages.FirstOrDefault(s => s.Status is StageStatus.Failed)
        ?? Run.Stages.FirstOrDefault(s => s.Status is StageStatus.Sent) ?? Run.Stages.FirstOrDefault(s => s.Status is not StageStatus.Done);

    /// <summary>What the server says of it now.</summary>
    public void Replace(RunResponse run)
    {
        if (run.Generation != Run.Generation) losses.Clear();
        Run = run;
        if (run.Progress is { } progress) Note(progress);
        if (!run.Succeeded) Result = null;
    }

    /// <summary>How far its stage is.</summary>
    public void Note(StageProgressed progress)
    {
        if (Run.Ended) return;
        Run = Run with
        {
            Progress = progress,
            Stages = [.. Run.Stages.Select(s => s.Stage == progress.Stage && s.Status is StageStatus.Waiting ? s with { Status = StageStatus.Sent } : s)],
        };
        if (progress is not { Epoch: { } epoch, Loss: { } loss } || !double.IsFinite(loss)) return;
        // A training that was begun anew draws its curve anew.
        losses.RemoveAll(point => point.Epoch >= epoch);
        losses.Add((epoch, loss));
        if (losses.Count > MaxLosses) losses.RemoveRange(0, losses.Count - MaxLosses);
    }

    /// <summary>A stage ended.</summary>
    public void Note(StageState stage) => Run = Run with
    {
        Progress = Run.Progress?.Stage == stage.Stage ? null : Run.Progress,
        Stages = [.. Run.Stages.Select(s => s.Stage == stage.Stage ? stage with { Worker = s.Worker } : s)],
    };

    /// <summary>The run ended.</summary>
    public void NoteEnd(bool succeeded) => Run = Run with { Ended = true, Succeeded = succeeded, Progress = null };
}
