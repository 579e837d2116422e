using MassTransit;
using TsVlm.Contracts;
using TsVlm.Messaging;

namespace TsVlm.Trainer;

internal sealed class TrainModelConsumer(FineTuning fineTuning, StageConsumer stage) : IConsumer<TrainModel>
{
    public Task Consume(ConsumeContext<TrainModel> context) =>
        stage.Consume(context, Stage.Training,
            ArtifactKeys.Checkpoint(
                context.Message.Run), (progress, cancellationToken) => fineTuning.Run(context.Message, progress.Report, cancellationToken));
}

internal sealed class TrainModelConsumerDefinition() : CommandDefinition<TrainModelConsumer>(CommandQueues.TrainModel);
