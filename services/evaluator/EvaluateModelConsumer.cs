using MassTransit;
using TsVlm.Contracts;
using TsVlm.ServiceDefaults;

namespace TsVlm.Evaluator;

internal sealed class EvaluateModelConsumer(Evaluation evaluation, TimeProvider clock) : IConsumer<EvaluateModel>
{
    public Task Consume(ConsumeContext<EvaluateModel> context) =>
        StageConsumer.Consume(context, context.Message.RunId, Stage.Evaluation, clock,
            progress => evaluation.Run(context.Message, progress.Report, context.CancellationToken));
}
