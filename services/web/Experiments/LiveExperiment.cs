using System.Net.ServerSentEvents;
using TsVlm.Contracts.Http;

namespace TsVlm.Web.Experiments;

/// <summary>An experiment as a page shows it while it goes on: what the server said first, and every event since.</summary>
internal sealed class LiveExperiment
{
    private readonly Dictionary<string, LiveRun> byId = [];
    private List<LiveRun> runs = [];

    /// <summary>The experiment; null before the server has answered.</summary>
    public ExperimentResponse? Experiment { get; private set; }

    /// <summary>The runs of this page, in order.</summary>
    public IReadOnlyList<LiveRun> Runs => runs;

    /// <summary>Takes what the server says of the experiment and of the runs of this page.</summary>
    public void Replace(ExperimentResponse experiment)
    {
        Experiment = experiment;
        foreach (var gone in byId.Keys.Except(experiment.Runs.Select(run => run.Id)).ToList()) byId.Remove(gone);
        foreach (var run in experiment.Runs)
        {
            if (!byId.TryGetValue(run.Id, out var known)) byId[run.Id] = known = new(run);
            known.Replace(run);
        }
        runs = [.. experiment.Runs.Select(run => byId[run.Id])];
    }

    /// <summary>Takes an event.</summary>
    /// <returns>Whether the counts of the experiment may have changed, so that it is to be asked for again.</returns>
    public bool Apply(SseItem<ExperimentEvent> item)
    {
        var run = item.Data.RunId is { } id ? byId.GetValueOrDefault(id) : null;
        switch (item.EventType)
        {
            case "progress" when item.Data.Progress is { } progress:
                byId.GetValueOrDefault(progress.RunId)?.Note(progress);
                return false;
            case "stage-ended" when item.Data.Stage is { } stage:
                run?.Note(stage);
                return false;
            case "run-ended":
                run?.NoteEnd(item.Data.Succeeded is true);
                return true;
            case "experiment-ended":
                return true;
            default:
                return false;
        }
    }
}
