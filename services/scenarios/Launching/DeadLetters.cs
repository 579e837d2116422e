using MassTransit;
using TsVlm.Contracts;
using TsVlm.Messaging;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Launching;

/// <summary>
/// What becomes of a command that the broker gave up: it is sent again if its attempts got further; else its run has failed, and the reason
/// tells how often it was tried.
/// </summary>
public sealed class DeadLetters(StageStore stages, ReportStore reports, Reconciler reconciler, ILogger<DeadLetters> log)
{
    internal async Task Fail<TCommand>(ConsumeContext<TCommand> context, Stage stage, string queue) where TCommand : class, IStageCommand
    {
        var command = context.Message;
        // A worker that was stopped often, or killed often, in a long training: each attempt went on from the one before.
        if (await stages.RequeueIfProgressed(command.RunId, stage, context.CancellationToken))
        {
            log.LogWarning("Run {RunId}: {Stage} was given up by the broker, but got further; it is sent again", command.RunId, stage);
            reconciler.Trigger();
            return;
        }
        var reason = Reason(queue, await stages.LastFailedAttempt(command.RunId, stage, context.CancellationToken));
        log.LogError("Run {RunId} failed in {Stage}: {Reason}", command.RunId, stage, reason);
        await stages.MarkFailed(command.RunId, stage, reason, context.CancellationToken, command.Generation);
        reconciler.Trigger();
    }

    internal async Task Fail(ConsumeContext<ReportExperiment> context)
    {
        log.LogError("The report of experiment {Experiment} was given up", context.Message.ExperimentId);
        await reports.MarkFailed(context.Message.ExperimentId, context.Message.Generation, Reason(CommandQueues.ReportExperiment, null),
            context.CancellationToken);
    }

    private static string Reason(string queue, string? lastFailure) =>
        $"Given up after {CommandQueues.MaxDeliveries} deliveries from the queue {queue}. " + (lastFailure is null
            ? "Each time its worker ended without a word: a crash, or killed for want of memory. Its log tells more."
            : $"What went wrong last: {lastFailure}");
}

internal sealed class DeadSamplesConsumer(DeadLetters letters) : IConsumer<GenerateSamples>
{
    public Task Consume(ConsumeContext<GenerateSamples> context) => letters.Fail(context, Stage.Datagen, CommandQueues.GenerateSamples);
}

internal sealed class DeadTrainingConsumer(DeadLetters letters) : IConsumer<TrainModel>
{
    public Task Consume(ConsumeContext<TrainModel> context) => letters.Fail(context, Stage.Training, CommandQueues.TrainModel);
}

internal sealed class DeadEvaluationConsumer(DeadLetters letters) : IConsumer<EvaluateModel>
{
    public Task Consume(ConsumeContext<EvaluateModel> context) => letters.Fail(context, Stage.Evaluation, CommandQueues.EvaluateModel);
}

internal sealed class DeadReportConsumer(DeadLetters letters) : IConsumer<ReportExperiment>
{
    public Task Consume(ConsumeContext<ReportExperiment> context) => letters.Fail(context);
}

internal sealed class DeadSamplesDefinition()
    : EventDefinition<DeadSamplesConsumer>(CommandQueues.DeadLettersOf(CommandQueues.GenerateSamples), isPublished: false);

internal sealed class DeadTrainingDefinition()
    : EventDefinition<DeadTrainingConsumer>(CommandQueues.DeadLettersOf(CommandQueues.TrainModel), isPublished: false);

internal sealed class DeadEvaluationDefinition()
    : EventDefinition<DeadEvaluationConsumer>(CommandQueues.DeadLettersOf(CommandQueues.EvaluateModel), isPublished: false);

internal sealed class DeadReportDefinition()
    : EventDefinition<DeadReportConsumer>(CommandQueues.DeadLettersOf(CommandQueues.ReportExperiment), isPublished: false);
