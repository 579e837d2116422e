using Microsoft.EntityFrameworkCore;
using TsVlm.Contracts;

namespace TsVlm.Scenarios.State;

/// <summary>
/// What becomes of an artifact that the run state calls done and that is gone from the store: what made it waits again, and so does whoever
/// missed it.
/// Where no stage made it, such as an uploaded data set, whoever missed it has failed.
/// </summary>
public sealed class LostArtifacts(RunStore runs, ReportStore reports)
{
    private const int MaxAttempts = 20;   // of a stage whose input is lost again and again

    /// <summary>Records a loss.</summary>
    public async Task Record(ArtifactLost lost, CancellationToken cancellationToken)
    {
        var isMadeAgain = await RequeueProducer(lost.Artifact, cancellationToken);
        if (lost.RunId is { } run)
        {
            if (!isMadeAgain || !await LetWait(run, lost.Stage, lost.Generation, cancellationToken))
                await runs.MarkFailed(run, lost.Stage, lost.Reason, cancellationToken, lost.Generation);
        }
        if (lost.ExperimentId is { } experiment)
        {
            if (isMadeAgain) await reports.MarkWaiting(experiment, cancellationToken);
            else await reports.MarkFailed(experiment, lost.Reason, cancellationToken);
        }
    }

    /// <summary>Lets every stage wait again that made the artifact; false when no stage makes it.</summary>
    private async Task<bool> RequeueProducer(ArtifactKey artifact, CancellationToken cancellationToken)
    {
        var hasMaker = false;
        await runs.Write(async database =>
        {
            var makers = await database.Stages.Where(s => s.Artifact == artifact.Path).ToListAsync(cancellationToken);
            hasMaker = makers.Count > 0;
            foreach (var row in makers.Where(row => row.Status is StageStatus.Done))
                (row.Status, row.Reason, row.Version) = (StageStatus.Waiting, "What it made is gone from the store.", row.Version + 1);
        }, cancellationToken);
        return hasMaker;
    }

    /// <summary>Lets a stage wait whose input is being made again; false when that has happened too often.</summary>
    private async Task<bool> LetWait(string runId, Stage stage, int generation, CancellationToken cancellationToken)
    {
        var mayWait = true;
        if (await runs.GenerationOf(runId, cancellationToken) > generation) return mayWait;
        await runs.Change(runId, stage, row =>
        {
            mayWait = row.Attempts < MaxAttempts;
            if (!mayWait || row.Status is not StageStatus.Sent) return false;
            row.Status = StageStatus.Waiting;
            return true;
        }, cancellationToken);
        return mayWait;
    }
}
