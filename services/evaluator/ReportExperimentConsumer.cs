using MassTransit;
using TsVlm.Contracts;
using TsVlm.Messaging;

namespace TsVlm.Evaluator;

internal sealed class ReportExperimentConsumer(
    ExperimentReports reports, MessagingSettings messaging, BrokenProcess process, TimeProvider clock, ILogger<ReportExperimentConsumer> log)
    : IConsumer<ReportExperiment>
{
    public async Task Consume(ConsumeContext<ReportExperiment> context)
    {
        var (id, generation) = (context.Message.ExperimentId, context.Message.Generation);
        try
        {
            await context.Publish(await reports.Run(context.Message, context.CancellationToken), CancellationToken.None);
        }
        catch (Exception error) when (messaging.HasBroker && Failures.IsTransient(error))
        {
            log.LogWarning(error, "The report of experiment {Experiment} is tried again", id);
            await Deliveries.BackOff(context, messaging, clock);
            throw;
        }
        catch (Exception error) when (Failures.LostArtifact(error) is { } artifact)
        {
            log.LogWarning(error, "The report of experiment {Experiment} waits for what makes {Artifact}, which is gone from the store", id,
                artifact.Path);
            var lost = new ArtifactLost(artifact, ErrorText.Of(error)) { ExperimentId = id, Generation = generation };
            await context.Publish(lost, CancellationToken.None);
        }
        // A process that ends because it is broken takes the report's files with it: the command goes back to its queue.
        catch (Exception error) when (error is not OperationCanceledException && !process.IsBroken)
        {
            log.LogError(error, "The report of experiment {Experiment} failed", id);
            await context.Publish(new ReportFailed(id, ErrorText.Of(error)) { Generation = generation }, CancellationToken.None);
        }
    }
}

internal sealed class ReportExperimentConsumerDefinition() : CommandDefinition<ReportExperimentConsumer>(CommandQueues.ReportExperiment);
