using MassTransit;
using Microsoft.Extensions.Logging;
using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Telemetry;

namespace TsVlm.Messaging;

/// <summary>
/// The edge every stage shares: claims the artifact, does the work of one command and publishes its event, or <see cref="RunFailed"/> with
/// the reason. Work cut short by a stop is neither: the command goes back to its queue and is done again. So is work that failed for a
/// reason that may pass, until the queue's delivery limit is reached.
/// </summary>
public sealed class StageConsumer(
    MessagingSettings messaging, IStageClaims claims, RunCancellations cancellations, BrokenProcess process, TimeProvider clock,
    ILogger<StageConsumer> log)
{
    /// <summary>Header of a command: number of the attempt that its first delivery is.</summary>
    public const string FirstAttempt = "TsVlm-Attempt";

    /// <summary>Header of an event: the process that ended the stage, as <see cref="MessagingSettings.Worker"/> names it.</summary>
    public const string Worker = "TsVlm-Worker";

    /// <summary>Runs the work and publishes what comes of it.</summary>
    public async Task Consume<TCommand, TEvent>(
        ConsumeContext<TCommand> context, Stage stage, ArtifactKey key, Func<ProgressReporter, CancellationToken, Task<TEvent>> work)
        where TCommand : class, IStageCommand
        where TEvent : class
    {
        var command = context.Message;
        using var scope = log.BeginScope("Run {RunId}, {Stage}, attempt {Attempt}", command.RunId, stage, AttemptOf(context));
        if (cancellations.IsCancelled(command.RunId, command.Generation)) return;
        using var span = StageSpan.Begin(command, stage, AttemptOf(context), NumRepeats(context) == 0
            ? clock.GetUtcNow() - context.SentTime : null, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        using var watched = cancellations.Watch(command.RunId, command.Generation, stop);
        var progress = new ProgressReporter(context, clock);
        try
        {
            using var use = ArtifactUse.Begin();
            await using var heartbeat = Heartbeat.Begin(context, new(command.RunId, stage, $"{Guid.NewGuid():n}", messaging.Worker)
            {
                Generation = command.Generation,
                IsRepeated = NumRepeats(context) > 0,
            }, () => progress.Saved, messaging, clock);
            await using var claim = await claims.Claim(key, stop.Token);
            // The work computes for hours without waiting for anything; here the broker's threads are not held up by it.
            var done = await Task.Run(() => work(progress, stop.Token), CancellationToken.None);
            await progress.Flush();
            await context.Publish(done, sent => sent.Headers.Set(Worker, messaging.Worker), CancellationToken.None);
            span.End(StageSpan.Done);
        }
        catch (OperationCanceledException error) when (cancellations.IsCancelled(command.RunId, command.Generation))
        {
            log.LogInformation("Run {RunId}: {Stage} was cancelled", command.RunId, stage);
            span.End(StageSpan.Cancelled, error, "The run was cancelled.");
        }
        // A process that ends because it is broken takes the work's files with it: whatever fails from then on is no failure of the run.
        catch (Exception error) when (process.IsBroken
            || (error is OperationCanceledException && context.CancellationToken.IsCancellationRequested))
        {
            log.LogInformation("Run {RunId}: {Stage} was stopped; the command goes back to its queue", command.RunId, stage);
            span.End(StageSpan.Stopped, error, "The process stops; the command goes back to its queue.");
            throw;
        }
        catch (Exception error) when (messaging.HasBroker && Failures.IsTransient(error))
        {
            log.LogWarning(error, "Run {RunId}: {Stage} is tried again", command.RunId, stage);
            span.End(StageSpan.Retried, error, ErrorText.Of(error));
            await PublishFailedAttempt(context, new(command.RunId, stage, ErrorText.Of(error)) { Generation = command.Generation });
            if (Failures.IsLostDevice(error)) process.Report();   // from here on nothing is sent any more
            await Deliveries.BackOff(context, messaging, clock);
            throw;
        }
        catch (Exception error) when (!messaging.HasBroker && Failures.IsDiskFull(error))
        {
            // The same disk holds the run state: nothing can be recorded, and every other run would fail too.
            log.LogError(error, "Run {RunId}: {Stage} stopped, for the disk is full", command.RunId, stage);
            span.End(StageSpan.Stopped, error, ErrorText.Of(error));
            throw;
        }
        catch (Exception error) when (Failures.LostArtifact(error) is { } artifact)
        {
            log.LogWarning(error, "Run {RunId}: {Stage} waits for what makes {Artifact}, which is gone from the store", command.RunId,
                stage, artifact.Path);
            span.End(StageSpan.Retried, error, ErrorText.Of(error));
            var lost = new ArtifactLost(artifact, ErrorText.Of(error)) { RunId = command.RunId, Stage = stage,
                Generation = command.Generation };
            await context.Publish(lost, CancellationToken.None);
        }
        catch (Exception error)
        {
            // The reason goes to the run state and the report; the stack trace to the log of this service.
            log.LogError(error, "Run {RunId}: {Stage} failed", command.RunId, stage);
            span.End(StageSpan.Failed, error, ErrorText.Of(error));
            await context.Publish(new RunFailed(command.RunId, stage, ErrorText.Of(error)) { Generation = command.Generation },
                CancellationToken.None);
        }
    }

    /// <summary>Says what went wrong.</summary>
    private async Task PublishFailedAttempt<TCommand>(ConsumeContext<TCommand> context, StageAttemptFailed failure) where TCommand : class
    {
        try
        {
            await context.Publish(failure, context.CancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.LogWarning(error, "Run {RunId}: the failed attempt could not be reported", failure.RunId);
        }
    }

    private static int AttemptOf(ConsumeContext context) => (context.Headers.Get<int>(FirstAttempt) ?? 1) + Deliveries.NumOf(context) - 1;

    private static int NumRepeats(ConsumeContext context) => Deliveries.NumOf(context) - 1;
}
