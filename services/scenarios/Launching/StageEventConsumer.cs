using MassTransit;
using TsVlm.Contracts;

namespace TsVlm.Scenarios;

/// <summary>Takes what the stages report into the run state, and lets the reconciler send what comes next.</summary>
public sealed class StageEventConsumer(RunStore runs, Reconciler reconciler)
    : IConsumer<SamplesGenerated>, IConsumer<ModelTrained>, IConsumer<ModelEvaluated>, IConsumer<RunFailed>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<SamplesGenerated> context) => Done(context.Message.RunId, Stage.Datagen, context.CancellationToken);

    /// <inheritdoc />
    public Task Consume(ConsumeContext<ModelTrained> context) => Done(context.Message.RunId, Stage.Training, context.CancellationToken);

    /// <inheritdoc />
    public Task Consume(ConsumeContext<ModelEvaluated> context) => Done(context.Message.RunId, Stage.Evaluation, context.CancellationToken);

    /// <inheritdoc />
    public async Task Consume(ConsumeContext<RunFailed> context)
    {
        await runs.MarkFailed(context.Message.RunId, context.Message.Stage, context.Message.Reason, context.CancellationToken);
        reconciler.Wake();
    }

    private async Task Done(string runId, Stage stage, CancellationToken cancellationToken)
    {
        await runs.MarkDone(runId, stage, cancellationToken);
        reconciler.Wake();
    }
}
