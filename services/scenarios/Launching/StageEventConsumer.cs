using MassTransit;
using TsVlm.Contracts;
using TsVlm.Messaging;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Launching;

/// <summary>Takes what the stages report into the run state, and lets the reconciler send what comes next.</summary>
public sealed class StageEventConsumer(StageStore stages, ReportStore reports, LostArtifacts losses, Reconciler reconciler)
    : IConsumer<SamplesGenerated>, IConsumer<ModelTrained>, IConsumer<ModelEvaluated>, IConsumer<RunFailed>,
      IConsumer<StageHeartbeat>, IConsumer<StageAttemptFailed>, IConsumer<ArtifactLost>, IConsumer<ExperimentReported>,
      IConsumer<ReportFailed>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<SamplesGenerated> context) => Done(context, context.Message.RunId, Stage.Datagen);

    /// <inheritdoc />
    public Task Consume(ConsumeContext<ModelTrained> context) => Done(context, context.Message.RunId, Stage.Training);

    /// <inheritdoc />
    public Task Consume(ConsumeContext<ModelEvaluated> context) => Done(context, context.Message.RunId, Stage.Evaluation);

    /// <inheritdoc />
    public async Task Consume(ConsumeContext<RunFailed> context)
    {
        var failed = context.Message;
        await stages.MarkFailed(failed.RunId, failed.Stage, failed.Reason, context.CancellationToken, failed.Generation);
        reconciler.Trigger();
    }

    /// <summary>A worker that has not heard of a cancellation, since it started later, hears of it now.</summary>
    public async Task Consume(ConsumeContext<StageHeartbeat> context)
    {
        if (!await stages.RecordHeartbeat(context.Message, context.CancellationToken))
            await context.Publish(new RunCancelled(context.Message.RunId, context.Message.Generation), context.CancellationToken);
    }

    /// <inheritdoc />
    public Task Consume(ConsumeContext<StageAttemptFailed> context) =>
        stages.RecordFailedAttempt(context.Message, context.CancellationToken);

    /// <inheritdoc />
    public async Task Consume(ConsumeContext<ArtifactLost> context)
    {
        await losses.Record(context.Message, context.CancellationToken);
        reconciler.Trigger();
    }

    /// <inheritdoc />
    public Task Consume(ConsumeContext<ExperimentReported> context) =>
        reports.MarkReported(context.Message, context.CancellationToken);

    /// <inheritdoc />
    public Task Consume(ConsumeContext<ReportFailed> context) =>
        reports.MarkFailed(context.Message.ExperimentId, context.Message.Generation, context.Message.Reason, context.CancellationToken);

    private async Task Done(ConsumeContext context, string runId, Stage stage)
    {
        await stages.MarkDone(runId, stage, context.CancellationToken, context.Headers.Get<string>(StageConsumer.Worker));
        reconciler.Trigger();
    }
}

internal sealed class StageEventConsumerDefinition() : EventDefinition<StageEventConsumer>(CommandQueues.Events, isPublished: true);
