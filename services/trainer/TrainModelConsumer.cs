using MassTransit;
using TsVlm.Contracts;
using TsVlm.ServiceDefaults;

namespace TsVlm.Trainer;

internal sealed class TrainModelConsumer(FineTuning fineTuning, StageConsumer stage) : IConsumer<TrainModel>
{
    public Task Consume(ConsumeContext<TrainModel> context) =>
        stage.Consume(context, Stage.Training, ArtifactKeys.Checkpoint(context.Message.Run), (progress, stop) => fineTuning.Run(context.Message, progress.Report, stop));
}

internal sealed class TrainModelConsumerDefinition() : CommandDefinition<TrainModelConsumer>(CommandQueues.TrainModel);
