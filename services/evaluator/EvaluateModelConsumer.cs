using MassTransit;
using TsVlm.Contracts;
using TsVlm.Messaging;

namespace TsVlm.Evaluator;

internal sealed class EvaluateModelConsumer(ModelEvaluation evaluation, StageConsumer stage) : IConsumer<EvaluateModel>
{
    public Task Consume(ConsumeContext<EvaluateModel> context) =>
        stage.Consume(context, Stage.Evaluation,
            ArtifactKeys.Evaluation(
                context.Message.Run), (progress, cancellationToken) => evaluation.Run(context.Message, progress.Report, cancellationToken));
}

internal sealed class EvaluateModelConsumerDefinition() : CommandDefinition<EvaluateModelConsumer>(CommandQueues.EvaluateModel);
