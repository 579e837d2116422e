using MassTransit;
using TsVlm.Contracts;
using TsVlm.ServiceDefaults;

namespace TsVlm.Trainer;

internal sealed class TrainModelConsumer(FineTuning fineTuning, TimeProvider clock) : IConsumer<TrainModel>
{
    public Task Consume(ConsumeContext<TrainModel> context) =>
        StageConsumer.Consume(context, context.Message.RunId, Stage.Training, clock,
            progress => fineTuning.Run(context.Message, progress.Report, context.CancellationToken));
}
