using TsVlm.Contracts;

namespace TsVlm.Scenarios.State;

/// <summary>
/// What becomes of an artifact that the run state calls done and that is gone from the store: what made it waits again, and so does whoever
/// missed it.
/// Where no stage made it, such as an uploaded data set, whoever missed it has failed.
/// </summary>
public sealed class LostArtifacts(StageStore stages, ReportStore reports)
{
    private const int MaxAttempts = 20;   // of a stage whose input is lost again and again

    /// <summary>Records a loss.</summary>
    public async Task Record(ArtifactLost lost, CancellationToken cancellationToken)
    {
        var isMadeAgain = await stages.MarkLost(lost.Artifact, cancellationToken);
        if (lost.RunId is { } run)
        {
            if (!isMadeAgain || !await stages.Requeue(run, lost.Stage, lost.Generation, MaxAttempts, cancellationToken))
                await stages.MarkFailed(run, lost.Stage, lost.Reason, cancellationToken, lost.Generation);
        }
        // Where it is made again, the report waits for that already.
        if (lost.ExperimentId is { } experiment && !isMadeAgain)
            await reports.MarkFailed(experiment, lost.Generation, lost.Reason, cancellationToken);
    }
}
