using MassTransit;
using TsVlm.Contracts;
using TsVlm.ServiceDefaults;

namespace TsVlm.Evaluator;

internal sealed class EvaluateModelConsumer(Evaluation evaluation, StageConsumer stage) : IConsumer<EvaluateModel>
{
    public Task Consume(ConsumeContext<EvaluateModel> context) =>
        stage.Consume(context, Stage.Evaluation, ArtifactKeys.Evaluation(context.Message.Run), (progress, stop) => evaluation.Run(context.Message, progress.Report, stop));
}

internal sealed class EvaluateModelConsumerDefinition() : CommandDefinition<EvaluateModelConsumer>(CommandQueues.EvaluateModel);
